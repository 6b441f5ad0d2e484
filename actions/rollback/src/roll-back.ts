import {
  type ActionContext,
  ActionFailure,
  type Ended,
  messageOf,
  settleAll,
  counted,
} from '@fairlead/action-kit';
import { cloudRun } from '@fairlead/cloud-run';
import { loadManifest, resolveDeployment } from '@fairlead/manifest-file';
import { gcloudShift, inShiftOrder } from '@fairlead/rollout';
import { parse, type Returning, type RollbackInputs } from './parse.ts';
import { report } from './report.ts';
import { planReturn, type Returned, returnUnit, type ReturnPlan, type Tools } from './return-unit.ts';

/** Gives the traffic back, gateways first so that nobody asks for what is about to go; then everything else at once. */
export async function rollBack(context: ActionContext): Promise<void> {
  const inputs = parse(context);
  const startMs = context.clock.now();

  const units = await readUnits(context, inputs);
  const tools: Tools = { ...context, run: cloudRun(context) };

  const plans = await planAll(tools, units, inputs);

  const ended = await context.log.group(`Roll back ${counted(plans.length, 'service')}`, () =>
    returnAll(tools, plans, inputs),
  );

  report(context, inputs, { ended, ms: context.clock.now() - startMs });
  checkAll(ended);
}

async function readUnits(context: ActionContext, { from }: RollbackInputs): Promise<readonly Returning[]> {
  if (from.kind === 'units') return from.units;
  const manifest = await loadManifest(context, from.deployment.manifest);
  const deployment = resolveDeployment(manifest, from.deployment);
  if (deployment === undefined)
    throw new ActionFailure(
      `"${from.deployment.ref}" maps to no environment of ${manifest.file}; name one by input "environment"`,
    );
  const { project, region, selected } = deployment;
  return selected.flatMap(({ kind, name: unit, serviceName: service }) =>
    kind === 'external' ? [] : [{ unit, kind, name: { project, region, service } }],
  );
}

/** Every way back is known before the first is taken: when one unit has none, nothing is changed. */
async function planAll(
  tools: Tools,
  units: readonly Returning[],
  inputs: RollbackInputs,
): Promise<readonly ReturnPlan[]> {
  const ended = await settleAll(units, 20, (returning) => planReturn(tools, returning, inputs));
  const failures = ended.flatMap((end) =>
    end.kind === 'failed' ? [`unit "${end.item.unit}": ${messageOf(end.thrown)}`] : [],
  );
  if (failures.length > 0) throw new ActionFailure(`${failures.join('; ')}; nothing was changed`);
  return ended.flatMap((end) => (end.kind === 'done' ? [end.value] : []));
}

async function returnAll(
  tools: Tools,
  plans: readonly ReturnPlan[],
  inputs: RollbackInputs,
): Promise<readonly Ended<ReturnPlan, Returned>[]> {
  const ended: Ended<ReturnPlan, Returned>[] = [];
  for (const wave of inShiftOrder(plans, ({ returning }) => returning.kind).toReversed())
    ended.push(...(await settleAll(wave, 20, (plan) => returnUnit(tools, plan, inputs))));
  return ended;
}

function checkAll(ended: readonly Ended<ReturnPlan, Returned>[]): void {
  const failures = ended.flatMap((end) =>
    end.kind === 'failed'
      ? [`unit "${end.item.returning.unit}": ${messageOf(end.thrown)}${byHand(end.item)}`]
      : [],
  );
  if (failures.length > 0) throw new ActionFailure(`the rollback failed: ${failures.join('; ')}`);
}

function byHand({ returning, plan }: ReturnPlan): string {
  return plan.kind === 'nothing'
    ? ''
    : `; do it by hand: ${gcloudShift(returning.name, plan.shares, plan.dropped)}`;
}
