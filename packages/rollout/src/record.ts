import { type Journal, remembered } from './journal.ts';
import { percentOf, type Share } from './traffic.ts';

export interface ShiftRecord {
  readonly release: string;
  readonly candidate: string;
  readonly before: readonly Share[];
  readonly after: readonly Share[];
}

/** The journal after a step of a shift. `previous` stays what it was when the release began. */
export function recordShift(last: Journal | undefined, shift: ShiftRecord): Journal {
  const { release, candidate, before, after } = shift;
  const isSameRelease = last?.candidate === candidate && ['staged', 'shifting'].includes(last.step);
  const previous = isSameRelease ? last.previous : before;
  const served = remembered(remembered(last?.served ?? [], previous), after);
  const isWhole = after.some((share) => share.revision === candidate && share.percent === 100);
  const step = isWhole ? 'shifted' : 'shifting';
  return { ...tagOf(last), release, candidate, step, written: after, previous, served };
}

/** The journal after a way back: `restored` when a failing shift is undone, `rolled-back` when it was asked for. */
export function recordReturn(
  last: Journal | undefined,
  step: 'restored' | 'rolled-back',
  { release, candidate, before, after }: ShiftRecord,
): Journal {
  const isLeft = (revision: string) => percentOf(before, revision) > 0 && percentOf(after, revision) === 0;
  const served = (last?.served ?? []).filter((revision) => revision !== candidate && !isLeft(revision));
  return {
    ...tagOf(last),
    release,
    candidate,
    step,
    written: after,
    previous: before,
    served: remembered(served, after),
  };
}

function tagOf(last: Journal | undefined): { readonly tag?: string } {
  return last?.tag === undefined ? {} : { tag: last.tag };
}
