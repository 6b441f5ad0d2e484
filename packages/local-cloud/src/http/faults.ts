import type { Bends, OperationFate } from '../control/bends.ts';
import { CLOUD_RUN_LIMITS, type Limits } from '../control/limits.ts';
import { type Counted, counted } from '../faults/counted.ts';
import type { ActiveFault, Effect, Fault } from '../faults/fault.ts';
import { readFaults } from '../faults/read-faults.ts';

export type { ActiveFault, Fault } from '../faults/fault.ts';

/** The faults in force. Every fault that fits a call, a start or a change of routes counts it; the first that is due hits. */
export interface Faults {
  /** Checks them all before it takes up any; the names of those taken up, in their order. */
  readonly add: (faults: readonly Fault[]) => readonly string[];
  readonly list: () => readonly ActiveFault[];
  /** Whether there was one of that name. */
  readonly remove: (id: string) => boolean;
  readonly clear: () => void;
  readonly hit: (call: Call) => Fault | undefined;
  readonly hitRun: (run: Run) => Fault | undefined;
  /** A change of the routes of a service by its full name. */
  readonly hitRoutes: (service: string) => Fault | undefined;
  /** Runs a step of the control plane under what the fault does to it. */
  readonly during: <T>(fault: Fault | undefined, step: () => T) => T;
  /** How the faults in force bend the control plane. */
  readonly bends: Bends;
  /** How far the cloud's clock is ahead of this machine's. */
  readonly skewMs: () => number;
}

export interface Call {
  readonly method: string;
  /** Path and query. */
  readonly url: string;
  /** The full name of the method, where it is known: `google.cloud.run.v2.Services.GetService`. */
  readonly rpc?: string;
}

export interface Run {
  readonly kind: 'start' | 'task';
  readonly image: string;
  /** Full name of the service or job. */
  readonly owner: string;
}

export interface FaultOptions {
  /** In place of Cloud Run's own; a fault with effect `quota` goes before them. */
  readonly limits?: Partial<Limits>;
  /** Milliseconds since the epoch, for rates. */
  readonly now: () => number;
  /** In force for good: neither listed nor cleared. */
  readonly standing?: readonly Fault[];
}

export function faultSwitches({ limits, now, standing = [] }: FaultOptions): Faults {
  const faults = new Map<string, Counted>();
  const always = standing.map(counted);
  let made = 0;
  let underWay: Fault | undefined;

  const firstDue = (effects: readonly Effect[], texts: Parameters<Counted['count']>[0]) => {
    const fitting = [...always, ...faults.values()].filter(({ fault }) => effects.includes(fault.effect));
    return fitting
      .filter((one) => one.count(texts, now()))
      .at(0)
      ?.hit();
  };
  const inForce = (effect: Effect) => [...faults.values()].filter(({ fault }) => fault.effect === effect);
  return {
    add: (added) => {
      const read = readFaults(added);
      return read.map((fault) => {
        const id = `f${(made += 1)}`;
        faults.set(id, counted(fault));
        return id;
      });
    },
    list: () => [...faults].map(([id, one]) => ({ id, ...one.fault, ...one.counts() })),
    remove: (id) => faults.delete(id),
    clear: () => {
      faults.clear();
    },
    hit: ({ method, url, rpc = '' }) => firstDue(CALL_EFFECTS, { method, path: url, rpc }),
    hitRun: ({ kind, image, owner }) => firstDue(RUN_EFFECTS[kind], { image, service: owner }),
    hitRoutes: (service) => firstDue(ROUTE_EFFECTS, { service }),
    during: (fault, step) => {
      underWay = fault;
      try {
        return step();
      } finally {
        underWay = undefined;
      }
    },
    skewMs: () => 1000 * (inForce('clock-skew').at(-1)?.fault.seconds ?? 0),
    bends: {
      limits: () =>
        inForce('quota').reduce<Limits>((all, { fault }) => ({ ...all, ...fault.limits }), {
          ...CLOUD_RUN_LIMITS,
          ...limits,
        }),
      listLagMicros: () => (underWay?.effect === 'stale-list' ? (underWay.seconds ?? 0) * 1_000_000 : 0),
      operationFate: () => FATES.get(underWay?.effect),
      repeatsFailure: (service) => firstDue(['old-failure'], { service }) !== undefined,
      keepsLatestReady: (service) => firstDue(['latest-ready-stays'], { service }) !== undefined,
    },
  };
}

const CALL_EFFECTS = [
  'fail-before',
  'drop-reply',
  'apply-then-503',
  'status',
  'delay',
  'operation-hangs',
  'operation-lost',
  'restart',
  'stale-list',
  'rate-limit',
] as const;
const RUN_EFFECTS = { start: ['start-fails'], task: ['task-fails', 'task-hangs'] } as const;
const ROUTE_EFFECTS = ['routes-fail', 'stale-traffic', 'stale-tag'] as const;

const FATES = new Map<Effect | undefined, OperationFate>([
  ['operation-hangs', 'hangs'],
  ['operation-lost', 'lost'],
]);
