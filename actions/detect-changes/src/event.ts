import { readFile } from 'node:fs/promises';

/** What this action reads of the event that started the run; what the event does not say is absent. */
export interface Event {
  /** Commit that a pushed branch was at before; zeros on its first push. */
  readonly before?: string;
  readonly pullRequest?: {
    readonly number: number;
    readonly baseCommit: string;
    readonly headCommit: string;
  };
  /** Commit that a merge queue's group is built on. */
  readonly groupBase?: string;
}

/** The event from the runner's file; an empty one outside of GitHub. */
export async function readEvent(path: string | undefined): Promise<Event> {
  if (path === undefined || path === '') return {};
  return eventOf(JSON.parse(await readFile(path, 'utf8')));
}

function eventOf(payload: unknown): Event {
  const before = at(payload, 'before');
  const groupBase = at(payload, 'merge_group', 'base_sha');
  const number = at(payload, 'pull_request', 'number');
  const baseCommit = at(payload, 'pull_request', 'base', 'sha');
  const headCommit = at(payload, 'pull_request', 'head', 'sha');
  return {
    ...(typeof before === 'string' ? { before } : {}),
    ...(typeof groupBase === 'string' ? { groupBase } : {}),
    ...(typeof number === 'number' && typeof baseCommit === 'string' && typeof headCommit === 'string'
      ? { pullRequest: { number, baseCommit, headCommit } }
      : {}),
  };
}

function at(value: unknown, ...keys: readonly string[]): unknown {
  return keys.reduce<unknown>(
    (inner, key) =>
      typeof inner === 'object' && inner !== null
        ? Object.entries(inner).find(([name]) => name === key)?.[1]
        : undefined,
    value,
  );
}
