import { projectNumber } from '../control/names.ts';
import { timestamp } from '../control/time.ts';
import { readJson } from '../http/query.ts';
import type { ApiReply, ApiRequest, Route } from '../http/route.ts';
import type { KnativeCloud } from './knative-route.ts';
import { listOf, messageOf, textOf } from './mapping.ts';
import { REGIONS } from './regions.ts';

/** What gcloud asks of the APIs around Cloud Run: Service Usage, Resource Manager and the list of regions. Every project exists and has every API. */
export function projectRoutes({ projects }: KnativeCloud): readonly Route[] {
  const about = (
    method: string,
    pattern: RegExp,
    handle: (project: string, rest: { readonly name: string; readonly request: ApiRequest }) => object,
  ): Route => ({
    method,
    pattern,
    handle: (request, project = '', name = ''): ApiReply => ({
      status: 200,
      body: handle(projects.idOf(project), { name, request }),
    }),
  });
  return [
    about('GET', /^\/v1\/projects\/([^/:]+)$/, projectOf),
    about('GET', /^\/v3\/projects\/([^/:]+)$/, newerProjectOf),
    about('GET', /^\/v1\/projects\/([^/:]+)\/locations$/, (project) => ({
      locations: REGIONS.map((region) => locationOf(project, region)),
    })),
    about('GET', /^\/v1\/projects\/([^/:]+)\/services$/, () => ({})),
    about('GET', /^\/v1\/projects\/([^/:]+)\/services\/([^/:]+)$/, (project, { name }) =>
      apiOf(project, name),
    ),
    about('GET', /^\/v1\/projects\/([^/:]+)\/services:batchGet$/, (project, { request }) => ({
      services: request.query.getAll('names').map((name) => apiOf(project, name.split('/').at(-1) ?? '')),
    })),
    about('POST', /^\/v1\/projects\/([^/:]+)\/services\/([^/:]+):enable$/, (project, { name }) =>
      enabled({ service: apiOf(project, name) }),
    ),
    about('POST', /^\/v1\/projects\/([^/:]+)\/services:batchEnable$/, (project, { request }) => {
      const ids = listOf(messageOf(readJson(request))['serviceIds']).map(textOf);
      return enabled({ services: ids.map((id) => apiOf(project, id)) });
    }),
  ];
}

const CREATED = timestamp(1_600_000_000_000_000);

function projectOf(projectId: string): object {
  return {
    projectNumber: projectNumber(projectId),
    projectId,
    lifecycleState: 'ACTIVE',
    name: projectId,
    createTime: CREATED,
  };
}

function newerProjectOf(projectId: string): object {
  return {
    name: `projects/${projectNumber(projectId)}`,
    projectId,
    state: 'ACTIVE',
    displayName: projectId,
    createTime: CREATED,
    updateTime: CREATED,
  };
}

function locationOf(project: string, region: string): object {
  return {
    name: `projects/${project}/locations/${region}`,
    locationId: region,
    displayName: region,
    labels: { 'cloud.googleapis.com/region': region },
  };
}

function apiOf(project: string, name: string): object {
  const number = projectNumber(project);
  return {
    name: `projects/${number}/services/${name}`,
    config: { name },
    state: 'ENABLED',
    parent: `projects/${number}`,
  };
}

function enabled(response: object): object {
  return { name: 'operations/noop.DONE_OPERATION', done: true, response };
}
