import type { CloudRun, Service } from '@fairlead/cloud-run';
import type { DeployedUnit, Deployment } from '@fairlead/manifest';

/** The label that deploy-cloud-run puts on every revision. */
const COMMIT_LABEL = 'fairlead-commit';

/**
 * The commit that serves each unit, read from the revision that has the largest share of its traffic. Empty text for a unit that is
 * not deployed; no entry for a revision that names no commit, because nobody knows then what it was made from.
 */
export async function servingCommits(
  deployment: Deployment,
  run: Pick<CloudRun, 'getService' | 'getRevision'>,
): Promise<ReadonlyMap<string, string>> {
  const deployed = deployment.units.filter(({ kind }) => kind !== 'external');
  const found = await Promise.all(
    deployed.map(async (unit) => [unit.name, await servingCommit(unit, { deployment, run })] as const),
  );
  return new Map(found.filter((entry): entry is readonly [string, string] => entry[1] !== undefined));
}

async function servingCommit(
  unit: DeployedUnit,
  {
    deployment: { project, region },
    run,
  }: { readonly deployment: Deployment; readonly run: Pick<CloudRun, 'getService' | 'getRevision'> },
): Promise<string | undefined> {
  const name = { project, region, service: unit.serviceName };
  const service = await run.getService(name);
  const revision = service === undefined ? undefined : servingRevision(service);
  if (revision === undefined) return '';
  return (await run.getRevision(name, revision))?.labels[COMMIT_LABEL];
}

/** The revision with the largest share; undefined while nothing has ever served. */
function servingRevision({ trafficStatuses, latestReadyRevision }: Service): string | undefined {
  const [largest] = trafficStatuses
    .filter(({ percent }) => percent > 0)
    .sort((one, other) => other.percent - one.percent);
  return largest === undefined ? undefined : (largest.revision ?? latestReadyRevision);
}
