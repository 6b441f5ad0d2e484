import { ActionFailure, InputError } from '@fairlead/action-kit';
import type { JobName } from '@fairlead/cloud-run';
import type { DeployedUnit, Migration, RunSettings } from '@fairlead/manifest';
import type { SelectedDeployment } from '@fairlead/manifest-file';

import type { Images, PlainJob } from './parse.ts';

/** One job that is to be run. */
export interface MigrationTarget {
  readonly name: JobName;
  /** The units that wait for it. */
  readonly units: readonly string[];
  /** As it was told: by digest or by tag. */
  readonly image: string;
  readonly command: readonly string[];
  readonly args: readonly string[];
  readonly timeoutSeconds: number;
  readonly settings: Pick<RunSettings, 'env' | 'secrets' | 'secretFiles' | 'serviceAccount' | 'vpc'>;
}

/** The longest that the one attempt of a migration may take (MG-13). */
const LONGEST_SECONDS = 600;

export function plainTarget(job: PlainJob): MigrationTarget {
  const { project, region, env, secrets, serviceAccount, image, command, args, timeoutSeconds } = job;
  return {
    name: { project, region, job: job.job },
    units: [],
    image,
    command,
    args,
    timeoutSeconds,
    settings: { env, secrets, secretFiles: {}, ...(serviceAccount === undefined ? {} : { serviceAccount }) },
  };
}

/** A target for each job of the selected units. Units that share a job have one, with the first unit's image and settings. */
export function manifestTargets(deployment: SelectedDeployment, images: Images): readonly MigrationTarget[] {
  const { selected, project, region } = deployment;
  checkImages(images, selected);
  const migrating = selected.flatMap((unit) =>
    unit.migration === undefined || unit.jobName === undefined
      ? []
      : [{ unit, migration: unit.migration, job: unit.jobName }],
  );
  return [...Map.groupBy(migrating, ({ job }) => job)].flatMap(([job, sharing]) => {
    const [first] = sharing;
    if (first === undefined) return [];
    checkSameRun(job, sharing);
    return [
      {
        name: { project, region, job },
        units: sharing.map(({ unit }) => unit.name),
        image: imageOf(first.unit, images),
        command: first.migration.command,
        args: first.migration.args,
        timeoutSeconds: timeoutOf(first.unit.name, first.migration),
        settings: settingsOf(first.unit.run, first.migration),
      },
    ];
  });
}

function imageOf({ name, imageName }: DeployedUnit, { byUnit, tag }: Images): string {
  if (byUnit[name] !== undefined) return byUnit[name];
  if (tag !== undefined) return `${imageName}:${tag}`;
  throw new InputError(
    `input "images" does not name unit "${name}", and input "tag" is empty where no branch was pushed`,
  );
}

function checkImages({ byUnit }: Images, selected: readonly DeployedUnit[]): void {
  const known = selected.map(({ name }) => name);
  const unknown = Object.keys(byUnit).find((unit) => !known.includes(unit));
  if (unknown !== undefined)
    throw new InputError(
      `input "images" names unit "${unknown}", which is not migrated here; expected ${known.join(', ') || 'none'}`,
    );
}

interface Sharing {
  readonly unit: DeployedUnit;
  readonly migration: Migration;
}

function checkSameRun(job: string, sharing: readonly Sharing[]): void {
  const runs = sharing.map(({ migration: { command, args } }) => JSON.stringify([command, args]));
  const other = runs.findIndex((run) => run !== runs[0]);
  if (other < 0) return;
  throw new ActionFailure(
    `units "${sharing[0]?.unit.name ?? ''}" and "${sharing[other]?.unit.name ?? ''}" share job "${job}" with different commands; give one of them a job of its own`,
  );
}

function timeoutOf(unit: string, { timeoutSeconds }: Migration): number {
  if (timeoutSeconds <= LONGEST_SECONDS) return timeoutSeconds;
  throw new ActionFailure(
    `unit "${unit}": the migration's timeout must be at most ${LONGEST_SECONDS} s, got ${timeoutSeconds} s`,
  );
}

// What the migration says wins over what the unit says, also where one says variable and the other secret.
function settingsOf(run: RunSettings, { env, secrets }: Migration): MigrationTarget['settings'] {
  return {
    env: { ...without(run.env, secrets), ...env },
    secrets: { ...without(run.secrets, env), ...secrets },
    secretFiles: run.secretFiles,
    ...(run.serviceAccount === undefined ? {} : { serviceAccount: run.serviceAccount }),
    ...(run.vpc === undefined ? {} : { vpc: run.vpc }),
  };
}

function without(record: Readonly<Record<string, string>>, taken: Readonly<Record<string, string>>) {
  return Object.fromEntries(Object.entries(record).filter(([key]) => !Object.hasOwn(taken, key)));
}
