import type { ActiveFault, Fault } from '../../http/faults.ts';

/** A fault in words. */
export interface FaultFacts {
  readonly id: string;
  readonly effect: string;
  /** What it hits. */
  readonly on: string;
  /** How many have fitted so far, and how many of them were hit. */
  readonly seen: number;
  readonly hits: number;
}

export function faultFacts(fault: ActiveFault): FaultFacts {
  return {
    id: fault.id,
    effect: effectOf(fault),
    on: matchOf(fault),
    seen: fault.seen,
    hits: fault.hits,
  };
}

function effectOf(fault: Fault): string {
  switch (fault.effect) {
    case 'fail-before':
      return 'Connection breaks, nothing is applied';
    case 'drop-reply':
      return 'Applied, then the connection breaks';
    case 'apply-then-503':
      return 'Applied, then answered 503';
    case 'status':
      return `Answered ${fault.status ?? 503}, nothing is applied`;
    case 'start-fails':
      return 'A new revision does not start';
    case 'task-fails':
      return `A task ends with exit code ${fault.exitCode ?? 1}`;
    case 'task-hangs':
      return 'A task runs until it is cancelled';
    default:
      return fault.effect;
  }
}

function matchOf({ match }: Fault): string {
  const parts = Object.entries(match).map(([field, pattern]) => `${field} ${pattern}`);
  return parts.length === 0 ? 'everything' : parts.join(', ');
}
