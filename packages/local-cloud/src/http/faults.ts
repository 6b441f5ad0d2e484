import { CloudError } from '../control/cloud-error.ts';

/**
 * What goes wrong on command. `fail-before`: the connection breaks and nothing is applied; `drop-reply`: the call is applied and the
 * connection breaks; `apply-then-503`: the call is applied and answered 503; `status`: nothing is applied and `status` is answered.
 */
export type CallEffect = 'fail-before' | 'drop-reply' | 'apply-then-503' | 'status';

/** A fault of the data plane: a revision that does not start, a task that exits non-zero or runs until it is cancelled. */
export type RunEffect = 'start-fails' | 'task-fails' | 'task-hangs';

export interface Fault {
  readonly match: {
    readonly method?: string;
    /** A regular expression over path and query. */
    readonly path?: string;
    /** Regular expressions over the image and over the full name of the service or job. */
    readonly image?: string;
    readonly service?: string;
  };
  /** Counts matching calls from 1: the first that is hit; 1 unless told. */
  readonly nth?: number;
  /** How many matching calls are hit in a row; 1 unless told. */
  readonly times?: number;
  readonly effect: CallEffect | RunEffect;
  readonly status?: number;
  readonly message?: string;
  /** A google.rpc.Code name for the error's `status`; that of the HTTP code unless told. */
  readonly code?: string;
  /** `Retry-After` in seconds. */
  readonly retryAfter?: number;
  /** For `start-fails`. */
  readonly reason?: 'HEALTH_CHECK_CONTAINER_ERROR' | 'CONTAINER_MISSING';
  /** For `task-fails`; 1 unless told. */
  readonly exitCode?: number;
}

/** A fault in force. */
export interface ActiveFault extends Fault {
  readonly id: string;
  /** How many calls, starts or changes have fitted. */
  readonly seen: number;
  readonly hits: number;
}

export interface Faults {
  readonly add: (faults: readonly Fault[]) => void;
  readonly list: () => readonly ActiveFault[];
  /** Whether there was one of that name. */
  readonly remove: (id: string) => boolean;
  readonly clear: () => void;
  /** The fault that hits this call, if any: every fault that fits counts it, the first that is due hits. */
  readonly hit: (call: Call) => Fault | undefined;
  readonly hitRun: (run: Run) => Fault | undefined;
}

export interface Call {
  readonly method: string;
  readonly url: string;
}

export interface Run {
  readonly kind: 'start' | 'task';
  readonly image: string;
  /** Full name of the service or job. */
  readonly owner: string;
}

const CALL_EFFECTS = ['fail-before', 'drop-reply', 'apply-then-503', 'status'] as const;
const RUN_EFFECTS = ['start-fails', 'task-fails', 'task-hangs'] as const;

export function faultSwitches(): Faults {
  let counted: readonly Counted[] = [];
  let made = 0;
  const firstDue = (fits: (fault: Fault) => boolean) => {
    const [due] = counted
      .filter(({ fault }) => fits(fault))
      .filter(({ fault: { nth = 1, times = 1 }, count }) => {
        count.seen += 1;
        return count.seen >= nth && count.seen < nth + times;
      });
    if (due !== undefined) due.count.hits += 1;
    return due?.fault;
  };
  return {
    add: (faults) => {
      const added = faults.map((fault) => ({ id: `f${(made += 1)}`, fault, count: { seen: 0, hits: 0 } }));
      counted = [...counted, ...added];
    },
    list: () => counted.map(({ id, fault, count }) => ({ id, ...fault, ...count })),
    remove: (id) => {
      const before = counted;
      counted = before.filter((one) => one.id !== id);
      return counted.length < before.length;
    },
    clear: () => {
      counted = [];
    },
    hit: (call) => firstDue((fault) => isCallEffect(fault.effect) && fitsCall(fault, call)),
    hitRun: (run) => firstDue((fault) => fault.effect.startsWith(run.kind) && fitsRun(fault, run)),
  };
}

interface Counted {
  readonly id: string;
  readonly fault: Fault;
  readonly count: { seen: number; hits: number };
}

/** Faults from a body: one or a list. Throws INVALID_ARGUMENT for what is none. */
export function readFaults(json: unknown): readonly Fault[] {
  const list: readonly unknown[] = Array.isArray(json) ? json : [json];
  return list.map((item) => {
    if (!isFault(item))
      throw new CloudError(
        'INVALID_ARGUMENT',
        `a fault must be {"match": {"method"?, "path"?, "image"?, "service"?}, "nth"?, "times"?, "effect": one of ${[...CALL_EFFECTS, ...RUN_EFFECTS].join(', ')}}, got ${JSON.stringify(item)}`,
      );
    return item;
  });
}

function isFault(item: unknown): item is Fault {
  if (typeof item !== 'object' || item === null || !('effect' in item)) return false;
  const { match } = item as Partial<Fault>;
  const isEffect = [...CALL_EFFECTS, ...RUN_EFFECTS].some((effect) => effect === item.effect);
  return isEffect && typeof match === 'object' && Object.values(match).every(isPattern);
}

function isPattern(text: unknown): boolean {
  if (typeof text !== 'string') return false;
  try {
    return new RegExp(text).source !== '';
  } catch {
    return false;
  }
}

function isCallEffect(effect: Fault['effect']): effect is CallEffect {
  return CALL_EFFECTS.some((known) => known === effect);
}

function fitsCall({ match }: Fault, call: Call): boolean {
  return fits(match.method && `^(?:${match.method})$`, call.method) && fits(match.path, call.url);
}

function fitsRun({ match }: Fault, run: Run): boolean {
  return fits(match.image, run.image) && fits(match.service, run.owner);
}

function fits(pattern: string | undefined, text: string): boolean {
  return pattern === undefined || new RegExp(pattern).test(text);
}
