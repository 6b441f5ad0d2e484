import type { ActiveFault } from '../../http/faults.ts';

/** A fault in words. */
export interface FaultFacts {
  readonly id: string;
  readonly effect: string;
  /** What else it was given: which are hit, with what. */
  readonly details: string;
  /** What it hits. */
  readonly on: string;
  /** How many have fitted so far, and how many of them were hit. */
  readonly seen: number;
  readonly hits: number;
}

export function faultFacts({ id, match, effect, seen, hits, ...given }: ActiveFault): FaultFacts {
  return {
    id,
    effect: WORDS[effect] ?? effect,
    details: listed(given),
    on: listed(match) || 'everything',
    seen,
    hits,
  };
}

function listed(fields: object): string {
  return Object.entries(fields)
    .map(([field, value]) => `${field} ${typeof value === 'string' ? value : JSON.stringify(value)}`)
    .join(', ');
}

/** An effect without words is told by its name. */
const WORDS: Readonly<Record<string, string>> = {
  'fail-before': 'The connection breaks, nothing is applied',
  'drop-reply': 'Applied, then the connection breaks',
  'apply-then-503': 'Applied, then answered 503',
  status: 'Refused, nothing is applied',
  delay: 'Taken up later',
  'operation-hangs': 'The operation is never done',
  'operation-lost': 'The operation is unknown to all who ask',
  restart: 'All operations so far are forgotten',
  'stale-list': 'Lists lag behind',
  'rate-limit': 'Too many calls a minute are refused',
  'start-fails': 'A new revision does not start',
  'task-fails': 'A task ends with an exit code',
  'task-hangs': 'A task runs until it is cancelled',
  'routes-fail': 'A change of traffic fails',
  'stale-traffic': 'Requests go the old ways for a while',
  'stale-tag': 'Tags answer from the old revision for a while',
  'old-failure': 'A write of traffic gets an old failure again',
  'latest-ready-stays': 'The latest ready revision stays the old one',
  quota: 'Other limits',
  'clock-skew': 'The clock is wrong',
};
