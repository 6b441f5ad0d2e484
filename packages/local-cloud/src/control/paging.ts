import { CloudError } from './cloud-error.ts';
import type { World } from './world.ts';

export interface Page {
  /** 100 when absent or 0; at most 1000. */
  readonly size?: number;
  readonly token?: string;
  /** Whether deleted resources that have not expired are listed, too. */
  readonly showDeleted?: boolean;
}

/** What a list has by now: one that lags lacks what is young. */
export function visible<T extends { readonly createMicros: number }>(
  { bends, now }: Pick<World, 'bends' | 'now'>,
  records: readonly T[],
): readonly T[] {
  const lag = bends.listLagMicros();
  if (lag === 0) return records;
  const horizon = now() - lag;
  return records.filter(({ createMicros }) => createMicros <= horizon);
}

/** One page and the token of the next, which is absent on the last. A token is good for as long as its item's key is. */
export function pageOf<T>(
  items: readonly T[],
  keyOf: (item: T) => string,
  page: Page,
): { readonly items: readonly T[]; readonly nextPageToken?: string } {
  const size = pageSize(page.size ?? 0);
  const start = startOf(items.map(keyOf), page.token ?? '');
  const next = items[start + size];
  return {
    items: items.slice(start, start + size),
    ...(next === undefined ? {} : { nextPageToken: Buffer.from(keyOf(next)).toString('base64url') }),
  };
}

function pageSize(asked: number): number {
  if (!Number.isInteger(asked) || asked < 0)
    throw new CloudError('INVALID_ARGUMENT', `page_size must be a whole number from 0, got '${asked}'`);
  return asked === 0 ? 100 : Math.min(asked, 1000);
}

function startOf(keys: readonly string[], token: string): number {
  if (token === '') return 0;
  const at = keys.indexOf(Buffer.from(token, 'base64url').toString());
  if (at < 0) throw new CloudError('INVALID_ARGUMENT', `page_token '${token}' is not valid`);
  return at;
}
