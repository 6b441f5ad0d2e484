import {
  type ActionContext,
  ActionFailure,
  type Ended,
  messageOf,
  settleAll,
  counted,
} from '@fairlead/action-kit';
import { type CloudRun, cloudRun } from '@fairlead/cloud-run';
import { googleClient } from '@fairlead/google';
import { loadManifest, resolveDeployment } from '@fairlead/manifest-file';
import { credentialsFrom, registryClient } from '@fairlead/registry';
import { parse, type StageInputs } from './parse.ts';
import { report } from './report.ts';
import { resolveImage } from './resolve-image.ts';
import { withServingImage } from './serving-image.ts';
import { stageUnit } from './stage-unit.ts';
import type { Staging } from './staging.ts';
import {
  checkMaps,
  intentOf,
  manifestTargets,
  plainTarget,
  type ResolvedTarget,
  type Target,
} from './target.ts';

/** Stages every unit of a release at 0 %, all at the same time; what serves keeps serving. */
export async function stageRelease(context: ActionContext): Promise<void> {
  const inputs = parse(context);

  const run = cloudRun(context);
  const targets = await withDigests({ context, run }, await readTargets(context, inputs));

  const stagings = targets.map((target) => stagingOf(target, inputs));

  const ended = await context.log.group(`Stage ${counted(stagings.length, 'unit')} at 0 %`, () =>
    settleAll(stagings, inputs.parallel, (staging) => stageUnit({ run, log: context.log }, staging)),
  );

  report(context, inputs.version, ended);
  checkAll(ended, ({ target }) => target.unit);
}

async function readTargets(context: ActionContext, inputs: StageInputs): Promise<readonly Target[]> {
  const { from } = inputs;
  if (from.kind === 'service') return [plainTarget(from.service, inputs.version)];
  const manifest = await loadManifest(context, from.deployment.manifest);
  const deployment = resolveDeployment(manifest, from.deployment);
  if (deployment === undefined)
    throw new ActionFailure(
      `"${from.deployment.ref}" maps to no environment of ${manifest.file}; name one by input "environment"`,
    );
  const targets = manifestTargets(deployment, inputs);
  checkMaps(targets, inputs);
  return targets;
}

/** Every image by digest. All that are missing are named at once, before anything is written (CR-12). */
async function withDigests(
  { context, run }: { readonly context: ActionContext; readonly run: CloudRun },
  targets: readonly Target[],
): Promise<readonly ResolvedTarget[]> {
  const { accessToken } = googleClient(context.env, { ...context, api: 'artifactregistry' });
  const credentialsFor = credentialsFrom(context.env, accessToken);
  const registries = registryClient({ ...context, credentialsFor });
  const ended = await settleAll(targets, 10, async (target) => {
    const { image, version } = target.image === undefined ? await withServingImage(run, target) : target;
    return { ...target, version, image: await resolveImage(image ?? '', registries) };
  });
  checkAll(ended, ({ unit }) => unit);
  return ended.flatMap((end) => (end.kind === 'done' ? [end.value] : []));
}

function stagingOf(target: ResolvedTarget, inputs: StageInputs): Staging {
  const intent = intentOf(target, inputs);
  return {
    target,
    intent,
    version: target.version,
    tag: target.kind === 'worker' ? undefined : candidateTag(inputs, intent.image),
    deadlineMs: inputs.deadlineMs,
  };
}

/** `c-` and the commit; without a commit, the image's digest. */
function candidateTag({ commit }: StageInputs, image: string): string {
  return `c-${(commit ?? image.slice(image.indexOf('@sha256:') + 8)).slice(0, 7)}`;
}

function checkAll<T>(ended: readonly Ended<T, unknown>[], unitOf: (item: T) => string): void {
  const failures = ended.flatMap((end) =>
    end.kind === 'failed' ? [`unit "${unitOf(end.item)}": ${messageOf(end.thrown)}`] : [],
  );
  if (failures.length > 0) throw new ActionFailure(failures.join('; '));
}
