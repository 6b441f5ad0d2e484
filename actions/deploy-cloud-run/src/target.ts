import { ActionFailure, InputError } from '@fairlead/action-kit';
import type { RevisionIntent, ServiceName } from '@fairlead/cloud-run';
import type { RunSettings } from '@fairlead/manifest';
import type { SelectedDeployment } from '@fairlead/manifest-file';
import type { StagedUnit } from '@fairlead/rollout';
import type { PlainService, StageInputs } from './parse.ts';

/** One unit that is to be staged. */
export interface Target {
  readonly unit: string;
  readonly kind: StagedUnit['kind'];
  readonly name: ServiceName;
  readonly settings: RunSettings;
  /** As it was told, by digest or by tag; absent where this run built none: then what serves stays. */
  readonly image: string | undefined;
  readonly version: string;
}

/** A target whose image is known by its digest. */
export type ResolvedTarget = Target & { readonly image: string };

/** The one target of an action that was told a service. */
export function plainTarget(
  { service, project, region, kind, settings, image }: PlainService,
  version: string,
): Target {
  return { unit: service, kind, name: { project, region, service }, settings, image, version };
}

/** A target for each selected unit that is ours to deploy. */
export function manifestTargets(
  { project, region, selected }: SelectedDeployment,
  { images, built, version }: StageInputs,
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
            image: images[unit] ?? (built?.includes(unit) === false ? undefined : `${imageName}:${version}`),
            version,
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
export function intentOf(target: ResolvedTarget, { commit, env, unitEnv }: StageInputs): RevisionIntent {
  const { settings, unit, kind, image, version } = target;
  if (!image.includes('@sha256:')) throw new ActionFailure(`image ${image} is not named by its digest`);
  return {
    settings: { ...settings, env: { ...settings.env, ...env, ...unitEnv[unit], IMAGE_TAG: version } },
    image,
    isWorker: kind === 'worker',
    labels: { 'fairlead-unit': unit, ...(commit === undefined ? {} : { 'fairlead-commit': commit }) },
  };
}
