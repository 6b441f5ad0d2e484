import { projectNumber } from '../control/names.ts';
import { pageOf } from '../control/paging.ts';
import { timestamp } from '../control/time.ts';
import { page, readJson, readQuery } from '../http/query.ts';
import type { ApiReply, ApiRequest, Route } from '../http/route.ts';
import type { KnativeCloud } from './knative-route.ts';
import { listOf, messageOf, textOf } from './mapping.ts';
import { REGIONS } from './regions.ts';

/** What gcloud and Terraform ask of the APIs around Cloud Run: Service Usage, Resource Manager, Billing and the list of regions. Every project exists, is paid for and has every API. */
export function projectRoutes({ projects, apis }: KnativeCloud): readonly Route[] {
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
    about('GET', /^\/v1\/projects\/([^/:]+)\/billingInfo$/, billingOf),
    about('GET', /^\/v1\/projects\/([^/:]+)\/locations$/, (project) => ({
      locations: REGIONS.map((region) => locationOf(project, region)),
    })),
    about('GET', /^\/v1\/projects\/([^/:]+)\/services$/, (project, { request }) =>
      listApis(project, request, [...apis.keys()]),
    ),
    about('GET', /^\/v1\/projects\/([^/:]+)\/services\/([^/:]+)$/, (project, { name }) =>
      apiOf(project, name),
    ),
    about('GET', /^\/v1\/projects\/([^/:]+)\/services:batchGet$/, (project, { request }) => ({
      services: request.query.getAll('names').map((name) => apiOf(project, name.split('/').at(-1) ?? '')),
    })),
    about('POST', /^\/v1\/projects\/([^/:]+)\/services\/([^/:]+):enable$/, (project, { name }) => {
      apis.set(name, true);
      return enabled({ service: apiOf(project, name) });
    }),
    about('POST', /^\/v1\/projects\/([^/:]+)\/services\/([^/:]+):disable$/, (project, { name }) =>
      enabled({ service: apiOf(project, name) }),
    ),
    about('POST', /^\/v1\/projects\/([^/:]+)\/services:batchEnable$/, (project, { request }) => {
      const ids = listOf(messageOf(readJson(request))['serviceIds']).map(textOf);
      for (const id of ids) apis.set(id, true);
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

function billingOf(projectId: string): object {
  return {
    name: `projects/${projectId}/billingInfo`,
    projectId,
    billingAccountName: 'billingAccounts/000000-000000-000000',
    billingEnabled: true,
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

/** Those that this cloud speaks, and whatever anybody has enabled. */
function listApis(project: string, request: ApiRequest, asked: readonly string[]): object {
  const query = readQuery(request, ['pageSize', 'pageToken', 'filter']);
  const names = [...new Set([...SPOKEN.map((api) => `${api}.googleapis.com`), ...asked])].sort();
  const none = query['filter'] === 'state:DISABLED';
  const { items, nextPageToken } = pageOf(none ? [] : names, (name) => name, page(query));
  return {
    ...(items.length === 0 ? {} : { services: items.map((name) => apiOf(project, name)) }),
    ...(nextPageToken === undefined ? {} : { nextPageToken }),
  };
}

const SPOKEN = [
  'artifactregistry',
  'cloudbilling',
  'cloudresourcemanager',
  'containeranalysis',
  'iam',
  'iamcredentials',
  'logging',
  'monitoring',
  'run',
  'secretmanager',
  'serviceusage',
  'storage',
  'sts',
];

function enabled(response: object): object {
  return { name: 'operations/noop.DONE_OPERATION', done: true, response };
}
