/** GitHub's longest queue of a group with `queue: max`. */
const LONGEST_QUEUE = 100;

interface ConcurrencyRequest {
  readonly group: string;
  readonly cancelInProgress: boolean;
  readonly queue: 'single' | 'max';
  /** Leaves the queue when it aborts. */
  readonly signal: AbortSignal;
  /** Called when a newer request wants the group at once. */
  readonly cancel: () => void;
}

/** The right to run; given back by `release`. */
interface Lease {
  readonly release: () => void;
}

/** Who runs in which concurrency group; share one between runs of a repository. */
export interface ConcurrencyRegistry {
  /** Waits for the group; undefined when the request was cancelled while it waited. */
  readonly enter: (request: ConcurrencyRequest) => Promise<Lease | undefined>;
}

interface Entry {
  readonly request: ConcurrencyRequest;
  readonly settle: (lease: Lease | undefined) => void;
}

interface Group {
  running: Entry | undefined;
  pending: Entry[];
}

export function createConcurrencyRegistry(): ConcurrencyRegistry {
  const groups = new Map<string, Group>();
  const enter = (request: ConcurrencyRequest) =>
    new Promise<Lease | undefined>((settle) => {
      const key = request.group.toLowerCase();
      const group = groups.get(key) ?? { running: undefined, pending: [] };
      groups.set(key, group);
      queue(group, { request, settle });
    });
  return { enter };
}

function queue(group: Group, entry: Entry): void {
  if (group.running === undefined) {
    start(group, entry);
    return;
  }
  if (entry.request.cancelInProgress) group.running.request.cancel();
  if (entry.request.queue === 'single') drop(group, group.pending);
  if (entry.request.signal.aborted || group.pending.length >= LONGEST_QUEUE) {
    entry.settle(undefined);
    return;
  }
  group.pending.push(entry);
  entry.request.signal.addEventListener(
    'abort',
    () => {
      drop(group, [entry]);
    },
    { once: true },
  );
}

function start(group: Group, entry: Entry): void {
  group.running = entry;
  entry.settle({
    release: () => {
      if (group.running !== entry) return;
      group.running = undefined;
      const next = group.pending.shift();
      if (next !== undefined) start(group, next);
    },
  });
}

function drop(group: Group, entries: readonly Entry[]): void {
  const dropped = group.pending.filter((entry) => entries.includes(entry));
  group.pending = group.pending.filter((entry) => !dropped.includes(entry));
  for (const entry of dropped) entry.settle(undefined);
}
