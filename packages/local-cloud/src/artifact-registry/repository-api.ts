import { CloudError } from '../control/cloud-error.ts';
import { applyMask } from '../control/field-mask.ts';
import { viewFilter } from '../filter/index.ts';
import { camelCase } from '../http/proto-schema.ts';
import { readQuery } from '../http/query.ts';
import { type ApiReply, type ApiRequest, resourceRoute, type Route } from '../http/route.ts';
import {
  badField,
  bodyMessage,
  type Message,
  needs,
  okReply,
  pageReply,
  textMapOf,
  textOf,
} from '../messages/index.ts';
import { policyRoutes } from '../policies/policy-routes.ts';
import type { ArtifactRegistry } from './artifact-registry.ts';
import { repositoryPlace } from './package-name.ts';
import { removePackages } from './removal.ts';
import type { RepositoryRecord } from './repositories.ts';
import { timeView } from './views.ts';

const REPOSITORIES = '/v1/projects/*/locations/*/repositories';

export function repositoryRoutes(artifacts: ArtifactRegistry): readonly Route[] {
  const { repositories, registry, operations, policies } = artifacts;
  return [
    needs(
      'artifactregistry.repositories.list',
      resourceRoute('GET', REPOSITORIES, async (request, collection) =>
        list(artifacts, request, parentOf(collection)),
      ),
    ),
    needs(
      'artifactregistry.repositories.create',
      resourceRoute('POST', REPOSITORIES, async (request, collection) =>
        create(artifacts, request, parentOf(collection)),
      ),
    ),
    needs(
      'artifactregistry.repositories.get',
      resourceRoute('GET', `${REPOSITORIES}/*`, async (_, name) =>
        okReply(repositoryView(artifacts, name, await repositories.find(name))),
      ),
    ),
    needs(
      'artifactregistry.repositories.update',
      resourceRoute('PATCH', `${REPOSITORIES}/*`, async (request, name) => patch(artifacts, request, name)),
    ),
    ...policyRoutes(policies, {
      path: `${REPOSITORIES}/*`,
      permission: 'artifactregistry.repositories',
      keyOf: async (name) => {
        await repositories.find(name);
        return name;
      },
    }),
    needs(
      'artifactregistry.repositories.delete',
      resourceRoute('DELETE', `${REPOSITORIES}/*`, async (_, name) => {
        await repositories.find(name);
        await removePackages(registry, repositoryPlace(name));
        repositories.remove(name);
        policies.forget(name);
        return okReply(operations.done(parentOf(parentOf(name))));
      }),
    ),
    {
      method: 'GET',
      pattern: /^\/v1\/(projects\/[^/]+\/locations\/[^/]+\/operations\/ar-[0-9a-f-]+)$/,
      handle: (_, name = '') => okReply(operations.find(name)),
    },
  ];
}

async function list(artifacts: ArtifactRegistry, request: ApiRequest, parent: string): Promise<ApiReply> {
  const query = readQuery(request, ['pageSize', 'pageToken', 'filter', 'orderBy']);
  const fits = viewFilter(query['filter']);
  const names = await artifacts.repositories.names(parent);
  const views = await Promise.all(
    names.map(async (name) => repositoryView(artifacts, name, await artifacts.repositories.find(name))),
  );
  return pageReply(query, {
    field: 'repositories',
    items: views.filter(fits),
    keyOf: ({ name }) => name,
    view: (view) => view,
  });
}

async function create(artifacts: ArtifactRegistry, request: ApiRequest, parent: string): Promise<ApiReply> {
  const { repositories, clock, operations } = artifacts;
  const { repositoryId = '' } = readQuery(request, ['repositoryId']);
  const settings = settingsOf(request);
  if (!/^[a-z](?:[a-z0-9-]{0,61}[a-z0-9])?$/.test(repositoryId))
    throw badField(
      'repository_id',
      `repository_id must be 1 to 63 lowercase letters, digits and hyphens that begin with a letter, got "${repositoryId}"`,
    );
  const name = `${parent}/repositories/${repositoryId}`;
  if (await repositories.has(name)) throw new CloudError('ALREADY_EXISTS', 'the repository already exists');
  const record = { createMs: clock.now(), settings };
  repositories.add(name, record);
  const view = repositoryView(artifacts, name, record);
  return okReply(
    operations.done(parent, {
      '@type': 'type.googleapis.com/google.devtools.artifactregistry.v1.Repository',
      ...view,
    }),
  );
}

async function patch(artifacts: ArtifactRegistry, request: ApiRequest, name: string): Promise<ApiReply> {
  const { repositories, clock } = artifacts;
  const { updateMask = '' } = readQuery(request, ['updateMask']);
  const body = bodyMessage(request, FIELDS);
  const before = await repositories.find(name);
  const paths = updateMask.split(',').flatMap((path) => (path === '' ? [] : [camelCase(path)]));
  const masked = paths.length === 0 || paths.includes('*') ? Object.keys(body) : paths;
  const unknown = masked.find((path) => !FIELDS.includes(path.split('.')[0] ?? ''));
  if (unknown !== undefined)
    throw badField(
      'update_mask',
      `The update_mask names a field that a repository does not have: "${unknown}"`,
    );
  const changeable = masked.filter((path) => CHANGEABLE.includes(path.split('.')[0] ?? ''));
  const settings = applyMask(before.settings, checked(body), changeable);
  const record = { ...before, settings, updateMs: clock.now() };
  repositories.add(name, record);
  return okReply(repositoryView(artifacts, name, record));
}

const CHANGEABLE = [
  'description',
  'labels',
  'cleanupPolicies',
  'cleanupPolicyDryRun',
  'dockerConfig',
  'vulnerabilityScanningConfig',
];

const FIELDS = [
  'name',
  'createTime',
  'updateTime',
  'registryUri',
  'vulnerabilityScanningConfig',
  'format',
  'mode',
  'description',
  'labels',
  'cleanupPolicies',
  'cleanupPolicyDryRun',
  'dockerConfig',
];

function settingsOf(request: ApiRequest): object {
  const body = bodyMessage(request, FIELDS);
  const format = textOf(body, 'format') ?? '';
  if (format !== 'DOCKER')
    throw badField(
      'repository.format',
      `Only repositories of format DOCKER can be made here, got "${format}"`,
    );
  const mode = textOf(body, 'mode') ?? 'MODE_UNSPECIFIED';
  if (!['MODE_UNSPECIFIED', 'STANDARD_REPOSITORY'].includes(mode))
    throw badField(
      'repository.mode',
      `Only repositories of mode STANDARD_REPOSITORY can be made here, got "${mode}"`,
    );
  return checked(Object.fromEntries(Object.entries(body).filter(([field]) => field !== 'mode')));
}

/** What of the body is kept. */
function checked(body: Message): object {
  textMapOf(body, 'labels');
  textOf(body, 'description');
  return Object.fromEntries(Object.entries(body).filter(([field]) => !OUTPUTS.includes(field)));
}

const OUTPUTS = ['name', 'createTime', 'updateTime', 'registryUri'];

interface RepositoryView {
  readonly name: string;
}

function repositoryView(
  { host }: ArtifactRegistry,
  name: string,
  { createMs, updateMs = createMs, settings }: RepositoryRecord,
): RepositoryView {
  return {
    format: 'DOCKER',
    mode: 'STANDARD_REPOSITORY',
    ...settings,
    name,
    createTime: timeView(createMs),
    updateTime: timeView(updateMs),
    registryUri: `${host}/${repositoryPlace(name).path}`,
  } as RepositoryView;
}

function parentOf(name: string): string {
  return name.slice(0, name.lastIndexOf('/'));
}
