/** A service as it is live: what the demo looks at instead of believing a log. */
export interface LiveService {
  readonly name: string;
  readonly url: string;
  /** The revision with the largest share. */
  readonly revision: string;
}

const PARENT = 'projects/mindmirror-prod/locations/us-central1';

interface ApiService {
  readonly name: string;
  readonly uri?: string;
  readonly trafficStatuses?: readonly { readonly revision?: string; readonly percent?: number }[];
  readonly latestReadyRevision?: string;
}

/** The services of the demo's project, by name. */
export async function liveServices(cloudUrl: string): Promise<readonly LiveService[]> {
  const { services = [] } = await getJson<{ services?: readonly ApiService[] }>(
    `${cloudUrl}/v2/${PARENT}/services`,
  );
  return services.map(live).sort((one, other) => one.name.localeCompare(other.name));
}

/** Short name of the revision that serves a service's traffic. */
export async function servingRevision(cloudUrl: string, service: string): Promise<string> {
  return live(await getJson<ApiService>(`${cloudUrl}/v2/${PARENT}/services/${service}`)).revision;
}

/** Requests that reached revisions of a service other than the one named, on the service's own address. */
export async function requestsOf(
  cloudUrl: string,
  { service, notRevision }: { readonly service: string; readonly notRevision: string },
): Promise<number> {
  const { revisions } = await getJson<{
    revisions: readonly { readonly name: string; readonly byShare?: number }[];
  }>(`${cloudUrl}/-/stats`);
  return revisions
    .filter(({ name }) => name.includes(`/services/${service}/`) && shortName(name) !== notRevision)
    .reduce((sum, { byShare = 0 }) => sum + byShare, 0);
}

function live(service: ApiService): LiveService {
  const shares = [...(service.trafficStatuses ?? [])].sort(
    (one, other) => (other.percent ?? 0) - (one.percent ?? 0),
  );
  return {
    name: shortName(service.name),
    url: service.uri ?? '',
    revision: shares[0]?.revision ?? shortName(service.latestReadyRevision ?? ''),
  };
}

function shortName(name: string): string {
  return name.split('/').at(-1) ?? name;
}

async function getJson<T>(url: string): Promise<T> {
  const response = await fetch(url);
  if (!response.ok)
    throw new Error(`${url} answered ${response.status}: ${(await response.text()).slice(0, 200)}`);
  return (await response.json()) as T;
}
