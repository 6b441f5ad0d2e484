import { type Environment, InputError } from '@fairlead/action-kit';

/** Where an API is reached. */
export interface Endpoint {
  readonly api: Api;
  /** Scheme, host and port, without a slash at the end. */
  readonly origin: string;
  /** Whether it is on this machine: then no credentials are looked for and none are sent. */
  readonly isLoopback: boolean;
}

export type Api = 'run' | 'storage' | 'monitoring' | 'logging' | 'artifactregistry';

/**
 * The endpoint of an API: Google's own, or what `CLOUDSDK_API_ENDPOINT_OVERRIDES_<API>` names, as gcloud reads it.
 * Throws an InputError when the override is no origin, or is plain http to another machine.
 */
export function endpointOf(env: Environment, api: Api): Endpoint {
  const name = `CLOUDSDK_API_ENDPOINT_OVERRIDES_${api.toUpperCase()}`;
  const override = env[name]?.trim() ?? '';
  if (override === '') return { api, origin: `https://${api}.googleapis.com`, isLoopback: false };
  const url = originOf(name, override);
  const isLoopback = isLoopbackHost(url.hostname);
  if (url.protocol === 'http:' && !isLoopback)
    throw new InputError(
      `${name} may use plain http only to this machine (127.0.0.1, localhost, [::1]), got "${override}"; use https`,
    );
  return { api, origin: url.origin, isLoopback };
}

/** Whether a host name, with or without port, is this machine. */
export function isLoopbackHost(host: string): boolean {
  return /^(localhost|127(\.\d{1,3}){3}|\[::1\])(:\d+)?$/i.test(host);
}

function originOf(name: string, override: string): URL {
  const url = URL.canParse(override) ? new URL(override) : undefined;
  const isOrigin = url !== undefined && /^https?:$/.test(url.protocol) && url.pathname === '/';
  if (!isOrigin || url.search !== '' || url.username !== '')
    throw new InputError(`${name} must be an origin such as "http://127.0.0.1:4000/", got "${override}"`);
  return url;
}
