import { parentOf } from './names.ts';
import { microsOf, timestamp } from './time.ts';
import type { DeletedRecord, World } from './world.ts';

const KEPT_MICROS = 30 * 24 * 3600 * 1_000_000;

/** Deleted ones are forgotten by their number, too, so that a cloud that runs for weeks does not fill its memory with them. */
const KEPT = 1_000;

/** A message as its deletion shows it: with the time of that, and when nothing of it will be left. */
export function deleted(message: object, micros: number): DeletedMessage {
  return { ...message, deleteTime: timestamp(micros), expireTime: timestamp(micros + KEPT_MICROS) };
}

/** What lists with `showDeleted` show of a deleted resource, until it expires. */
export interface DeletedMessage {
  readonly name?: string;
  readonly uid?: string;
  readonly createTime?: string;
  readonly deleteTime: string;
  readonly expireTime: string;
}

/** Keeps what is left of resources that `operation` deletes. */
export function keepDeleted(world: World, operation: string, messages: readonly DeletedMessage[]): void {
  for (const message of messages) {
    const { name = '', uid = '', createTime = '', expireTime } = message;
    world.deleted.set(`${name}@${uid}`, {
      key: `${name}@${uid}`,
      name,
      createMicros: microsOf(createTime) ?? 0,
      expireMicros: microsOf(expireTime) ?? 0,
      message,
      operation,
    });
  }
  for (const key of world.deleted.keys()) {
    if (world.deleted.size <= KEPT) return;
    world.deleted.delete(key);
  }
}

/** Deleted but unexpired `services` (or `revisions`, …) of a parent, which may end in the wildcard `-`. */
export function deletedUnder(world: World, parent: string, collection: string): readonly DeletedRecord[] {
  if (world.deleted.size === 0) return [];
  const now = world.now();
  return [...world.deleted.values()].filter(
    ({ name, expireMicros }) =>
      expireMicros > now && name.split('/').at(-2) === collection && isUnder(parentOf(name), parent),
  );
}

/** What is left of resources whose deletion is still under way. */
export function deletingUnder(world: World, parent: string, collection: string): readonly DeletedRecord[] {
  return deletedUnder(world, parent, collection).filter(
    ({ operation }) => world.operations.get(operation)?.result.kind === 'running',
  );
}

function isUnder(owner: string, parent: string): boolean {
  const isAny = parent.endsWith('/-');
  return isAny ? owner.slice(0, owner.lastIndexOf('/')) === parent.slice(0, -2) : owner === parent;
}
