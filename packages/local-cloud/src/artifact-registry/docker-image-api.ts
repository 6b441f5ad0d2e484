import { readQuery } from '../http/query.ts';
import { resourceRoute, type Route } from '../http/route.ts';
import { needs, okReply } from '../messages/index.ts';
import type { ArtifactRegistry } from './artifact-registry.ts';
import { findTag, findVersion, packagesIn, versionsOf } from './catalog.ts';
import { ordered } from './ordered.ts';
import { page } from './package-api.ts';
import { packagePlace, repositoryPlace } from './package-name.ts';
import { dockerImageView } from './views.ts';

export function dockerImageRoutes({ registry, repositories, host }: ArtifactRegistry): readonly Route[] {
  const { store } = registry;
  return [
    needs(
      'artifactregistry.dockerimages.list',
      resourceRoute(
        'GET',
        '/v1/projects/*/locations/*/repositories/*/dockerImages',
        async (request, collection) => {
          const query = readQuery(request, ['pageSize', 'pageToken', 'orderBy']);
          const repository = repositoryPlace(collection);
          await repositories.find(repository.name);
          const places = await packagesIn(store, repository);
          const versions = await Promise.all(places.map((place) => versionsOf(store, place)));
          const views = await Promise.all(
            versions.flat().map((version) => dockerImageView(store, version, host)),
          );
          return page(query, 'dockerImages', ordered(views, query['orderBy']));
        },
      ),
    ),
    {
      method: 'GET',
      pattern:
        /^\/v1\/(projects\/[^/]+\/locations\/[^/]+\/repositories\/[^/]+)\/dockerImages\/([^@]+?)(?:@([^/]+)|:([^/]+))$/,
      permission: 'artifactregistry.dockerimages.get',
      handle: async (_, ...caught) => {
        const [name = '', short = '', digest = '', tag = ''] = caught;
        const place = packagePlace(repositoryPlace(name), short);
        const wanted = digest === '' ? await findTag(store, place, tag) : digest;
        return okReply(await dockerImageView(store, await findVersion(store, place, wanted), host));
      },
    },
  ];
}
