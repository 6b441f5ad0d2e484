import { ActionFailure, InputError } from '@fairlead/action-kit';
import type { RevisionIntent, ServiceName } from '@fairlead/cloud-run';
import type { RunSettings } from '@fairlead/manifest';
import type { SelectedDeployment } from '@fairlead/manifest-file';
import type { StagedUnit } from '@fairlead/rollout';
import type { PlainService, StageInputs } from './parse.ts';

/** One unit that is to be staged. `image` is as it was told: by digest or by tag. */
export interface Target {
  readonly unit: string;
  readonly kind: StagedUnit['kind'];
  readonly name: ServiceName;
  readonly settings: RunSettings;
  readonly image: string;
}

/** The one target of an action that was told a service. */
export function plainTarget({ service, project, region, kind, settings, image }: PlainService): Target {
  return { unit: service, kind, name: { project, region, service }, settings, image };
}

/** A target for each selected unit that is ours to deploy. */
export function manifestTargets(
  { project, region, selected }: SelectedDeployment,
  { images, version }: StageInputs,
): readonly Target[] {
  return selected.flatMap(({ kind, name: unit, serviceName, imageName, run }) =>
    kind === 'external'
      ? []
      : [
          {
            unit,
            kind,
            name: { project, region, service: serviceName },
            settings: run,
            image: images[unit] ?? `${imageName}:${version}`,
          },
        ],
  );
}

/** Refuses maps that name a unit which is not deployed: most likely a misspelling. */
export function checkMaps(targets: readonly Target[], { images, unitEnv }: StageInputs): void {
  const known = targets.map(({ unit }) => unit);
  const names = { images: Object.keys(images), 'unit-env': Object.keys(unitEnv) };
  for (const [input, units] of Object.entries(names)) {
    const unknown = units.find((unit) => !known.includes(unit));
    if (unknown !== undefined)
      throw new InputError(
        `input "${input}" names unit "${unknown}", which is not deployed here; expected ${known.join(', ') || 'none'}`,
      );
  }
}

/** What the revision of a target is to be. */
export function intentOf(target: Target, { version, commit, env, unitEnv }: StageInputs): RevisionIntent {
  const { settings, unit, kind, image } = target;
  if (!image.includes('@sha256:')) throw new ActionFailure(`image ${image} is not named by its digest`);
  return {
    settings: { ...settings, env: { ...settings.env, ...env, ...unitEnv[unit], IMAGE_TAG: version } },
    image,
    isWorker: kind === 'worker',
    labels: { 'fairlead-unit': unit, ...(commit === undefined ? {} : { 'fairlead-commit': commit }) },
  };
}
