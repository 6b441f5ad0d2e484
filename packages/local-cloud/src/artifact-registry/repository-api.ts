import { CloudError } from '../control/cloud-error.ts';
import { viewFilter } from '../filter/index.ts';
import { readQuery } from '../http/query.ts';
import { type ApiReply, type ApiRequest, resourceRoute, type Route } from '../http/route.ts';
import { badField, needs, okReply, pageReply } from '../messages/index.ts';
import { policyRoutes } from '../policies/policy-routes.ts';
import type { ArtifactRegistry } from './artifact-registry.ts';
import { repositoryPlace } from './package-name.ts';
import { removePackages } from './removal.ts';
import type { RepositoryRecord } from './repositories.ts';
import { newSettings, updatedSettings } from './repository-settings.ts';
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
      resourceRoute('PATCH', `${REPOSITORIES}/*`, async (request, name) => {
        const { updateMask } = readQuery(request, ['updateMask']);
        const before = await repositories.find(name);
        const settings = updatedSettings(request, before.settings, updateMask);
        const record = { ...before, settings, updateMs: artifacts.clock.now() };
        repositories.put(name, record);
        return okReply(repositoryView(artifacts, name, record));
      }),
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
  const settings = newSettings(request);
  if (!/^[a-z](?:[a-z0-9-]{0,61}[a-z0-9])?$/.test(repositoryId))
    throw badField(
      'repository_id',
      `repository_id must be 1 to 63 lowercase letters, digits and hyphens that begin with a letter, got "${repositoryId}"`,
    );
  const name = `${parent}/repositories/${repositoryId}`;
  if (await repositories.has(name)) throw new CloudError('ALREADY_EXISTS', 'the repository already exists');
  const nowMs = clock.now();
  const record = { createMs: nowMs, updateMs: nowMs, settings };
  repositories.put(name, record);
  const view = repositoryView(artifacts, name, record);
  return okReply(
    operations.done(parent, {
      '@type': 'type.googleapis.com/google.devtools.artifactregistry.v1.Repository',
      ...view,
    }),
  );
}

interface RepositoryView {
  readonly name: string;
}

function repositoryView(
  { host }: ArtifactRegistry,
  name: string,
  { createMs, updateMs, settings }: RepositoryRecord,
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
