import { CloudError } from '../control/cloud-error.ts';
import type { Cloud } from '../http/cloud.ts';
import type { ApiReply, ApiRequest, Route } from '../http/route.ts';
import { inWordsOfV1 } from './knative-error.ts';
import type { Projects } from './projects.ts';

/** What the v1 calls work on. */
export interface KnativeCloud extends Cloud {
  /** Of calls whose Host names no region. */
  readonly region: string;
  readonly projects: Projects;
}

/** What a call is about. */
export interface Target {
  readonly request: ApiRequest;
  /** `projects/P/locations/L`; L is `-` in a list of all regions. */
  readonly parent: string;
  /** Short name of the resource; empty for its collection. */
  readonly name: string;
}

export type Handle = (target: Target) => ApiReply | Promise<ApiReply>;

/** One call by the path `/apis/GROUP/v1/namespaces/P/…`, whose region is in the Host. `path` is `services` or `services/*` or `jobs/*:run`. */
export function namespaced(
  cloud: KnativeCloud,
  [method, group, path]: readonly [method: string, group: string, path: string],
  handle: Handle,
): Route {
  const pattern = new RegExp(
    `^/apis/${group.replaceAll('.', '\\.')}/v1/namespaces/([^/:]+)/${segments(path)}$`,
  );
  return {
    method,
    pattern,
    handle: (request, namespace = '', name = '') => {
      const project = cloud.projects.idOf(namespace);
      const parent = `projects/${project}/locations/${regionOf(request) ?? cloud.region}`;
      return inV1(() => handle({ request, parent, name }));
    },
  };
}

/** The same call by the path `/v1/projects/P/locations/L/…`. */
export function located(
  cloud: KnativeCloud,
  [method, path]: readonly [string, string],
  handle: Handle,
): Route {
  return {
    method,
    pattern: new RegExp(`^/v1/projects/([^/:]+)/locations/([^/:]+)/${segments(path)}$`),
    handle: (request, ...[project = '', location = '', name = '']) => {
      const parent = `projects/${cloud.projects.idOf(project)}/locations/${location}`;
      return inV1(() => handle({ request, parent, name }));
    },
  };
}

function segments(path: string): string {
  return path.replace('*', '([^/:]+)');
}

/** `us-central1` of `us-central1-run.googleapis.com`. */
function regionOf({ headers }: ApiRequest): string | undefined {
  const authority = headers[':authority'] ?? headers.host ?? '';
  return /^([a-z]+-[a-z]+\d+)-run\.googleapis\.com(?::\d+)?$/.exec(String(authority))?.[1];
}

async function inV1(answer: () => ApiReply | Promise<ApiReply>): Promise<ApiReply> {
  try {
    return await answer();
  } catch (thrown) {
    throw thrown instanceof CloudError ? inWordsOfV1(thrown) : thrown;
  }
}
