import { viewFilter } from '../filter/index.ts';
import { flag, readQuery } from '../http/query.ts';
import type { ApiReply, ApiRequest, Route } from '../http/route.ts';
import { badField, needs, okReply, pageReply } from '../messages/index.ts';
import type { ArtifactRegistry } from './artifact-registry.ts';
import { findVersion, knownVersions, packagesIn, versionsOf } from './catalog.ts';
import { ordered } from './ordered.ts';
import { type PackagePlace, packagePlace, repositoryPlace } from './package-name.ts';
import { removePackage, removeVersion } from './removal.ts';
import { packageView, versionView } from './views.ts';

const REPOSITORY = 'projects/[^/]+/locations/[^/]+/repositories/[^/]+';
const DIGEST = 'sha(?:256:[0-9a-f]{64}|512:[0-9a-f]{128})';

/** A route below a package. The name of a package may hold slashes; digests are told apart by their form. */
export function packageRoute(
  method: string,
  below: string,
  handle: (request: ApiRequest, place: PackagePlace, item: string) => Promise<ApiReply>,
): Route {
  return {
    method,
    pattern: new RegExp(`^/v1/(${REPOSITORY})/packages/(.+?)${below}$`),
    handle: (request, ...caught) => {
      const [repository = '', short = '', item = ''] = caught;
      return handle(request, packagePlace(repositoryPlace(repository), short), item);
    },
  };
}

export function packageRoutes(artifacts: ArtifactRegistry): readonly Route[] {
  return [...versionRoutes(artifacts), ...wholePackageRoutes(artifacts)];
}

function versionRoutes({ registry, repositories, operations }: ArtifactRegistry): readonly Route[] {
  const { store } = registry;
  const version = `/versions/(${DIGEST})`;
  return [
    needs(
      'artifactregistry.versions.list',
      packageRoute('GET', '/versions', async (request, place) => {
        const query = readQuery(request, ['pageSize', 'pageToken', 'view', 'orderBy', 'filter']);
        const isFull = isFullView(query['view']);
        const fits = viewFilter(query['filter']);
        const versions = await knownVersions(store, place);
        const views = await Promise.all(versions.map((one) => versionView(store, one, isFull)));
        return page(query, 'versions', ordered(views.filter(fits), query['orderBy']));
      }),
    ),
    needs(
      'artifactregistry.versions.get',
      packageRoute('GET', version, async (request, place, digest) => {
        const { view } = readQuery(request, ['view']);
        return okReply(await versionView(store, await findVersion(store, place, digest), isFullView(view)));
      }),
    ),
    needs(
      'artifactregistry.versions.delete',
      packageRoute('DELETE', version, async (request, place, digest) => {
        const isForced = flag('force', readQuery(request, ['force'])['force']);
        await repositories.find(place.name);
        await removeVersion(registry, { place, digest }, { isForced });
        return okReply(operations.done(locationOf(place)));
      }),
    ),
  ];
}

function wholePackageRoutes(artifacts: ArtifactRegistry): readonly Route[] {
  const { registry, repositories, operations } = artifacts;
  const { store } = registry;
  return [
    {
      method: 'GET',
      pattern: new RegExp(`^/v1/(${REPOSITORY})/packages$`),
      permission: 'artifactregistry.packages.list',
      handle: async (request, name = '') => {
        const query = readQuery(request, ['pageSize', 'pageToken', 'filter', 'orderBy']);
        const fits = viewFilter(query['filter']);
        await repositories.find(name);
        const places = await packagesIn(store, repositoryPlace(name));
        const views = await Promise.all(
          places.map(async (place) => {
            const versions = await versionsOf(store, place);
            return versions.length === 0 ? [] : [packageView(place, versions)];
          }),
        );
        return page(query, 'packages', ordered(views.flat().filter(fits), query['orderBy']));
      },
    },
    needs(
      'artifactregistry.packages.get',
      packageRoute('GET', '', async (_, place) =>
        okReply(packageView(place, await knownVersions(store, place))),
      ),
    ),
    needs(
      'artifactregistry.packages.delete',
      packageRoute('DELETE', '', async (_, place) => {
        await removePackage(registry, place);
        return okReply(operations.done(locationOf(place)));
      }),
    ),
  ];
}

/** A page of views, told apart by their names. */
export function page(
  query: Readonly<Record<string, string>>,
  field: string,
  views: readonly object[],
): ApiReply {
  return pageReply(query, {
    field,
    items: views,
    keyOf: (view) => ('name' in view ? String(view.name) : ''),
    view: (view) => view,
  });
}

function isFullView(view = 'BASIC'): boolean {
  if (['VERSION_VIEW_UNSPECIFIED', 'BASIC', 'FULL', '0', '1', '2'].includes(view))
    return view === 'FULL' || view === '2';
  throw badField(
    'view',
    `Invalid value at 'view' (type.googleapis.com/google.devtools.artifactregistry.v1.VersionView), "${view}"`,
  );
}

function locationOf({ name }: PackagePlace): string {
  return name.slice(0, name.indexOf('/repositories/'));
}
