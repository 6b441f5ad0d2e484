import { deletedUnder } from './deleted.ts';
import { type Page, pageOf, visible } from './paging.ts';
import type { World } from './world.ts';

/** Which resources a list is of: the `services` (or `revisions`, …) of a parent. */
export interface Collection<R> {
  readonly parent: string;
  readonly collection: string;
  readonly records: readonly R[];
  readonly view: (record: R) => object;
}

/** A page of them, newest first, with the deleted ones among them when they are asked for. */
export function listed<R extends { readonly name: string; readonly createMicros: number }>(
  world: World,
  { parent, collection, records, view }: Collection<R>,
  page: Page,
): { readonly items: readonly object[]; readonly nextPageToken?: string } {
  const gone = page.showDeleted === true ? deletedUnder(world, parent, collection) : [];
  const all = [
    ...records.map((record) => ({
      key: record.name,
      createMicros: record.createMicros,
      message: () => view(record),
    })),
    ...gone.map(({ key, createMicros, message }) => ({ key, createMicros, message: () => message })),
  ].sort((a, b) => b.createMicros - a.createMicros);
  const { items, ...rest } = pageOf(visible(world, all), ({ key }) => key, page);
  return { items: items.map(({ message }) => message()), ...rest };
}
