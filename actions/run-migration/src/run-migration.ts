import {
  type ActionContext,
  ActionFailure,
  type Ended,
  messageOf,
  settleAll,
  counted,
} from '@fairlead/action-kit';
import { cloudRun } from '@fairlead/cloud-run';
import { googleClient } from '@fairlead/google';
import { readDeployment } from '@fairlead/manifest-file';
import { credentialsFrom, registryClient } from '@fairlead/registry';

import { migrate } from './migrate.ts';
import { manifestTargets, type MigrationTarget, plainTarget } from './migration-target.ts';
import { type MigrationInputs, parse } from './parse.ts';
import { report } from './report.ts';
import { resolveImage } from './resolve-image.ts';

/** Runs every migration of the release once; nothing is deployed here, and nothing may be when this fails. */
export async function runMigration(context: ActionContext): Promise<void> {
  const inputs = parse(context);

  const targets = await withDigests(context, await readTargets(context, inputs));

  const cloud = cloudRun(context);
  const ended = await context.log.group(`running ${counted(targets.length, 'migration')}`, () =>
    settleAll(targets, inputs.parallel, (target) =>
      migrate(target, {
        context,
        cloud,
        rerunFailed: inputs.rerunFailed,
        deadlineMs: inputs.timeoutMs ?? (target.timeoutSeconds + 300) * 1000,
      }),
    ),
  );

  report(context, ended);
  checkAll(context, ended, ({ name }) => name.job);
}

async function readTargets(
  context: ActionContext,
  { from }: MigrationInputs,
): Promise<readonly MigrationTarget[]> {
  if (from.kind === 'job') return [plainTarget(from.job)];
  return manifestTargets(await readDeployment(context), from.images);
}

/** Every image by digest. All that are missing are named at once, before anything is written. */
async function withDigests(
  context: ActionContext,
  targets: readonly MigrationTarget[],
): Promise<readonly MigrationTarget[]> {
  const { accessToken } = googleClient(context.env, { ...context, api: 'artifactregistry' });
  const client = registryClient({ ...context, credentialsFor: credentialsFrom(context.env, accessToken) });
  const ended = await settleAll(targets, 10, async (target) => ({
    ...target,
    image: await resolveImage(target.image, client),
  }));
  checkAll(context, ended, ({ name }) => name.job);
  return ended.flatMap((end) => (end.kind === 'done' ? [end.value] : []));
}

/** Annotates what failed, each once, and fails. */
function checkAll<T>(
  { log, signal }: ActionContext,
  ended: readonly Ended<T, unknown>[],
  nameOf: (item: T) => string,
): void {
  signal.throwIfAborted();
  const failed = ended.flatMap((end) => (end.kind === 'failed' ? [end] : []));
  if (failed.length === 0) return;
  for (const { item, thrown } of failed) log.error(`job ${nameOf(item)}: ${messageOf(thrown)}`);
  const names = failed.map(({ item }) => nameOf(item)).join(', ');
  throw new ActionFailure(
    `${failed.length} of ${counted(ended.length, 'migration')} did not run to their end: ${names}`,
  );
}
