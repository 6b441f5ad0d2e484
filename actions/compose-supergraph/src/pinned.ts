import type { CloudRun, ServiceName } from '@fairlead/cloud-run';

/**
 * The supergraph that each serving revision of a gateway is pinned to; undefined in the list for a revision that names
 * none. Empty when the gateway does not exist or nothing serves.
 */
export async function pinnedUrls(
  cloud: Pick<CloudRun, 'getService' | 'getRevision'>,
  gateway: ServiceName,
  variable: string,
): Promise<readonly (string | undefined)[]> {
  const service = await cloud.getService(gateway);
  const statuses = service?.trafficStatuses ?? [];
  const serving = statuses
    .filter(({ percent }) => percent > 0)
    .map(({ revision }) => revision ?? service?.latestReadyRevision)
    .filter((revision) => revision !== undefined);
  return Promise.all(
    [...new Set(serving)].map(async (revision) => {
      const live = await cloud.getRevision(gateway, revision);
      return live?.containers.flatMap(({ env = [] }) => env).find(({ name }) => name === variable)?.value;
    }),
  );
}
