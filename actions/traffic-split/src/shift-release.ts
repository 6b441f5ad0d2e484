import { type ActionContext, type Ended, messageOf, settleAll } from '@fairlead/action-kit';
import type { Rollout } from '@fairlead/manifest';
import type { Mover } from './parse.ts';
import { type Moving, shiftUnit, type Tools } from './shift-unit.ts';

/** A percent that a unit reached, and when, in milliseconds since the shift began. */
export interface Reached {
  readonly unit: string;
  readonly percent: number;
  readonly atMs: number;
}

export interface Shifted {
  /** Every unit of the release; those that were begun are as they were last seen. */
  readonly units: readonly Moving[];
  /** Units in the order in which they were begun, whether their write succeeded or not. */
  readonly begun: readonly Moving[];
  readonly reached: readonly Reached[];
  /** Why it stopped half-way; absent when it did not. */
  readonly failure?: string;
}

/** How fast, and through which steps, each unit goes. */
export type RolloutOf = (mover: Mover) => Rollout;

interface Progress {
  readonly units: Map<string, Moving>;
  readonly begun: Map<string, Moving>;
  readonly reached: Reached[];
  readonly startMs: number;
}

/**
 * Moves all units step by step together, gateways after everything else has all of its traffic. Between two steps
 * there is the interval; this is the place where a gate would judge the candidates. Stops at the first failure.
 */
export async function shiftRelease(
  context: Pick<ActionContext, 'clock' | 'log' | 'signal'>,
  tools: Tools,
  { waves, rolloutOf }: { readonly waves: readonly (readonly Moving[])[]; readonly rolloutOf: RolloutOf },
): Promise<Shifted> {
  const progress: Progress = {
    units: new Map(waves.flat().map((moving) => [moving.mover.unit, moving])),
    begun: new Map(),
    reached: [],
    startMs: context.clock.now(),
  };
  const failure = await failureOf(async () => {
    for (const wave of waves) {
      if (!(await shiftWave(context, tools, { wave, rolloutOf, progress }))) break;
    }
  });
  return {
    units: [...progress.units.values()],
    begun: [...progress.begun.values()],
    reached: progress.reached,
    ...(failure === undefined ? {} : { failure }),
  };
}

interface Wave {
  readonly wave: readonly Moving[];
  readonly rolloutOf: RolloutOf;
  readonly progress: Progress;
}

/** Returns whether every unit of the wave has all traffic, so that the next wave may begin. */
async function shiftWave(
  context: Pick<ActionContext, 'clock' | 'log' | 'signal'>,
  tools: Tools,
  { wave, rolloutOf, progress }: Wave,
): Promise<boolean> {
  const rollouts = wave.map(({ mover }) => ({ unit: mover.unit, ...rolloutOf(mover) }));
  const rounds = Math.max(...rollouts.map(({ steps }) => steps.length));
  const intervalMs = Math.max(...rollouts.map((rollout) => rollout.intervalMs));
  for (let round = 0; round < rounds; round += 1) {
    if (round > 0 && intervalMs > 0) await context.clock.sleep(intervalMs, context.signal);
    const due = rollouts.flatMap(({ unit, steps }) => {
      const percent = steps[round];
      return percent === undefined ? [] : [{ unit, percent }];
    });
    const ended = await settleAll(due, 20, (step) => shiftStep(context, tools, { step, progress }));
    throwFirst(ended);
  }
  const isWhole = rollouts.every(({ steps }) => steps.at(-1) === 100);
  if (!isWhole)
    context.log.info('Not every unit goes to 100 % in this run, so gateways are left as they are.');
  return isWhole;
}

async function shiftStep(
  { clock, signal }: Pick<ActionContext, 'clock' | 'signal'>,
  tools: Tools,
  { step, progress }: { readonly step: { unit: string; percent: number }; readonly progress: Progress },
): Promise<void> {
  const moving = progress.units.get(step.unit);
  if (moving === undefined) return;
  signal.throwIfAborted();
  progress.begun.set(step.unit, moving);
  const after = await shiftUnit(tools, moving, step.percent);
  progress.units.set(step.unit, after);
  progress.begun.set(step.unit, after);
  progress.reached.push({ ...step, atMs: clock.now() - progress.startMs });
}

function throwFirst(ended: readonly Ended<{ readonly unit: string }, unknown>[]): void {
  const failures = ended.flatMap((end) =>
    end.kind === 'failed' ? [`unit "${end.item.unit}": ${messageOf(end.thrown)}`] : [],
  );
  if (failures.length > 0) throw new Error(failures.join('; '));
}

async function failureOf(work: () => Promise<void>): Promise<string | undefined> {
  try {
    await work();
    return undefined;
  } catch (thrown) {
    return messageOf(thrown);
  }
}
