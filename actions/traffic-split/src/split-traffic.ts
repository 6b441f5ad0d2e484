import { type ActionContext, ActionFailure, messageOf, settleAll, counted } from '@fairlead/action-kit';
import { cloudRun } from '@fairlead/cloud-run';
import { gcloudShift, inShiftOrder } from '@fairlead/rollout';
import { parse, type SplitInputs } from './parse.ts';
import { report, type Restored } from './report.ts';
import { restoreUnit } from './restore-unit.ts';
import { readRollouts } from './schedule.ts';
import { type Moving, readMoving, type Tools } from './shift-unit.ts';
import { type Shifted, shiftRelease } from './shift-release.ts';

/** Moves the traffic of a release to its candidates; on any failure every service goes back to what it was. */
export async function splitTraffic(context: ActionContext): Promise<void> {
  const inputs = parse(context);

  const rolloutOf = await readRollouts(context, inputs);
  const tools: Tools = { ...context, run: cloudRun(context), deadlineMs: inputs.deadlineMs };
  const units = await readAll(tools, inputs);

  const waves = inShiftOrder(units, kindOf);

  const shifted = await context.log.group(`Shift ${counted(units.length, 'unit')}`, () =>
    shiftRelease(context, tools, { waves, rolloutOf }),
  );
  const restored = shifted.failure === undefined ? [] : await restoreAll(context, tools, shifted);

  report(context, shifted, restored);
  if (shifted.failure !== undefined) throw failed(shifted, restored);
}

async function readAll(tools: Tools, { movers, isForced }: SplitInputs): Promise<readonly Moving[]> {
  const ended = await settleAll(movers, 20, (mover) => readMoving(tools, mover, isForced));
  const failures = ended.flatMap((end) =>
    end.kind === 'failed' ? [`unit "${end.item.unit}": ${messageOf(end.thrown)}`] : [],
  );
  if (failures.length > 0) throw new ActionFailure(`${failures.join('; ')}; nothing was changed`);
  return ended.flatMap((end) => (end.kind === 'done' ? [end.value] : []));
}

/** In reverse: what moved last goes back first. A cancelled job is given this much of its grace. */
async function restoreAll(
  context: ActionContext,
  tools: Tools,
  { begun }: Shifted,
): Promise<readonly Restored[]> {
  const run = cloudRun({ ...context, signal: AbortSignal.timeout(10 * 60_000) });
  const restored: Restored[] = [];
  for (const wave of inShiftOrder(begun, kindOf).toReversed()) {
    context.log.info(`Putting ${wave.map(({ mover }) => mover.unit).join(', ')} back.`);
    restored.push(...(await settleAll(wave, 20, (moving) => restoreUnit({ ...tools, run }, moving))));
  }
  return restored;
}

function failed({ failure = '' }: Shifted, restored: readonly Restored[]): ActionFailure {
  const stuck = restored.flatMap((end) =>
    end.kind === 'failed'
      ? [
          `unit "${end.item.mover.unit}" could not be put back (${messageOf(end.thrown)}), do it by hand: ${gcloudShift(end.item.mover, end.item.home)}`,
        ]
      : [],
  );
  const rest = stuck.length === 0 ? 'every service has its previous traffic' : stuck.join('; ');
  return new ActionFailure(`the shift failed: ${failure}; ${rest}`);
}

function kindOf({ mover }: Moving): Moving['mover']['kind'] {
  return mover.kind;
}
