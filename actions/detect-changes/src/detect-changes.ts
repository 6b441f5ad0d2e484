import { type ActionContext, ActionFailure } from '@fairlead/action-kit';
import { planChanges } from '@fairlead/changes';
import { cloudRun } from '@fairlead/cloud-run';
import { repositoryAt } from '@fairlead/git';
import type { Manifest } from '@fairlead/manifest';
import {
  checkUnitNames,
  loadManifest,
  resolveDeployment,
  resolveEnvironment,
  selectUnits,
} from '@fairlead/manifest-file';

import { chooseBase } from './choose-base.ts';
import { readEvent } from './event.ts';
import { imageTag } from './image-tag.ts';
import { type DetectInputs, parse } from './inputs.ts';
import { type Compared, readSince } from './read-since.ts';
import { reportChanges, reportNowhere } from './report.ts';
import { servingCommits } from './serving-commits.ts';

/** Says which units must be built, migrated, recomposed and redeployed, why, and in which order. Changes nothing. */
export async function detectChanges(context: ActionContext): Promise<void> {
  const inputs = parse(context);

  const facts = await read(inputs, context);
  const { environment, manifest, run, since } = facts;
  if (environment === undefined) {
    reportNowhere(context, { ...inputs, ...run });
    return;
  }

  const selected = new Set(selectUnits(manifest.units, inputs).map(({ name }) => name));
  const { units } = planChanges(manifest, since);

  reportChanges(context, {
    ...run,
    environment,
    manifest,
    since,
    changes: units.filter(({ unit }) => selected.has(unit)),
  });
}

async function read(inputs: DetectInputs, context: ActionContext) {
  const manifest = await loadManifest(context, inputs.manifest);
  const environment = resolveEnvironment(manifest, inputs);
  const units = manifest.units.map(({ name }) => name);
  checkUnitNames(manifest.units, [...inputs.bases.keys()], { input: 'bases', manifest: inputs.manifest });
  const event = await readEvent(inputs.eventPath);
  const repository = repositoryAt(inputs.workspace, context.env);
  const head = await repository.commit(inputs.head);
  if (head === undefined)
    throw new ActionFailure(
      `"${inputs.head}" is no commit of this checkout; check out the commit that the run is about`,
    );
  const bases = { base: chooseBase(inputs, event), bases: await knownBases(inputs, manifest, context) };
  const since =
    environment === undefined
      ? new Map<string, Compared>()
      : await readSince(units, bases, { repository, head, event });
  const tag = imageTag({ ref: inputs.runRef, commit: head, pullRequest: event.pullRequest?.number });
  return { manifest, environment, since, run: { commit: head, tag } };
}

/** What is serving where that was asked for; a base that a person wrote wins. */
async function knownBases(inputs: DetectInputs, manifest: Manifest, context: ActionContext) {
  const deployment = inputs.base.kind === 'serving' ? resolveDeployment(manifest, inputs) : undefined;
  if (deployment === undefined) return inputs.bases;
  const serving = await context.log.group('Read what is serving', () =>
    servingCommits(deployment, cloudRun(context)),
  );
  return new Map([...serving, ...inputs.bases]);
}
