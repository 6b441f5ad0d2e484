import { createHash } from 'node:crypto';

/** `svc-hash-uc.a.run.app` of a service's full resource name: the same for the same project and region, as in Cloud Run. */
export function hostName(service: string): string {
  const [, project = '', , region = '', , name = ''] = service.split('/');
  const hash = createHash('sha256').update(`${project}/${region}`).digest('hex').slice(0, 10);
  return `${name}-${hash}-${regionCode(region)}.a.run.app`;
}

/** Splits `tag---svc-hash-uc.a.run.app:8080` into the tag and the service's name; without a tag there is only the name. */
export function readHost(header: string): { readonly tag?: string; readonly host: string } {
  const host = header.toLowerCase().replace(/:\d+$/, '');
  const cut = host.indexOf('---');
  return cut === -1 ? { host } : { tag: host.slice(0, cut), host: host.slice(cut + 3) };
}

const codes: Readonly<Record<string, string>> = {
  'us-central1': 'uc',
  'us-east1': 'ue',
  'us-west1': 'uw',
  'europe-west1': 'ew',
  'europe-north1': 'lz',
  'asia-east1': 'de',
  'asia-northeast1': 'an',
};

// Cloud Run's codes follow no rule that is published; any other region goes by its initials and number.
function regionCode(region: string): string {
  const initials = region.split('-').map((part) => part.slice(0, 1));
  return codes[region] ?? `${initials.join('')}${/\d+$/.exec(region)?.[0] ?? ''}`;
}
