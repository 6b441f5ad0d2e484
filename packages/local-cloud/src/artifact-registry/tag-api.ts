import { isTag } from '@fairlead/images';

import { CloudError } from '../control/cloud-error.ts';
import { viewFilter } from '../filter/index.ts';
import { readQuery } from '../http/query.ts';
import type { ApiRequest, Route } from '../http/route.ts';
import { badField, bodyMessage, needs, okReply, textOf } from '../messages/index.ts';
import type { Registry } from '../registry/index.ts';
import type { ArtifactRegistry } from './artifact-registry.ts';
import { findTag, findVersion, tagsOf, knownVersions } from './catalog.ts';
import { page, packageRoute } from './package-api.ts';
import type { PackagePlace } from './package-name.ts';
import { tagView } from './views.ts';

export function tagRoutes(artifacts: ArtifactRegistry): readonly Route[] {
  return [...readRoutes(artifacts.registry), ...writeRoutes(artifacts)];
}

function readRoutes({ store }: Registry): readonly Route[] {
  return [
    needs(
      'artifactregistry.tags.list',
      packageRoute('GET', '/tags', async (request, place) => {
        const query = readQuery(request, ['pageSize', 'pageToken', 'filter']);
        const fits = viewFilter(query['filter']);
        await knownVersions(store, place);
        const views = [...(await tagsOf(store, place))].map(([tag, digest]) => tagView(place, tag, digest));
        return page(query, 'tags', views.filter(fits));
      }),
    ),
    needs(
      'artifactregistry.tags.get',
      packageRoute('GET', '/tags/([^/]+)', async (_, place, tag) =>
        okReply(tagView(place, tag, await findTag(store, place, tag))),
      ),
    ),
  ];
}

function writeRoutes(artifacts: ArtifactRegistry): readonly Route[] {
  const { store, policy, inTurn } = artifacts.registry;
  return [
    needs(
      'artifactregistry.tags.create',
      packageRoute('POST', '/tags', async (request, place) => {
        const { tagId = '' } = readQuery(request, ['tagId']);
        if (!isTag(tagId)) throw badField('tag_id', `"${tagId}" is no valid tag`);
        const digest = digestIn(request, place);
        if ((await store.tag(place.image, tagId)) !== undefined)
          throw new CloudError('ALREADY_EXISTS', `tag "${tagId}" already exists`);
        await setTag(artifacts, { place, tag: tagId, digest });
        return okReply(tagView(place, tagId, digest));
      }),
    ),
    needs(
      'artifactregistry.tags.update',
      packageRoute('PATCH', '/tags/([^/]+)', async (request, place, tag) => {
        readQuery(request, ['updateMask']);
        const digest = digestIn(request, place);
        await findTag(store, place, tag);
        await setTag(artifacts, { place, tag, digest });
        return okReply(tagView(place, tag, digest));
      }),
    ),
    needs(
      'artifactregistry.tags.delete',
      packageRoute('DELETE', '/tags/([^/]+)', async (_, place, tag) => {
        await inTurn(place.image, async () => {
          await findTag(store, place, tag);
          if (policy.hasImmutableTags(place.image)) throw immutableTag(`cannot delete tag ${tag}`);
          await store.removeTag(place.image, tag);
        });
        return okReply({});
      }),
    ),
  ];
}

async function setTag(
  artifacts: ArtifactRegistry,
  { place, tag, digest }: { readonly place: PackagePlace; readonly tag: string; readonly digest: string },
): Promise<void> {
  const { store, policy, inTurn } = artifacts.registry;
  await inTurn(place.image, async () => {
    const tagged = await store.tag(place.image, tag);
    if (policy.hasImmutableTags(place.image) && tagged !== undefined && tagged !== digest)
      throw immutableTag(`cannot update tag ${tag}`);
    await findVersion(store, place, digest);
    await store.setTag(place.image, tag, digest);
  });
}

function immutableTag(refused: string): CloudError {
  return new CloudError('FAILED_PRECONDITION', `${refused}. The repository has enabled tag immutability`);
}

/** The digest of the version that the tag in the body is to stand for; it must be one of the same package. */
function digestIn(request: ApiRequest, { packageName }: PackagePlace): string {
  const version = textOf(bodyMessage(request, ['name', 'version']), 'version') ?? '';
  const [owner = '', digest] = version.split('/versions/');
  if (digest !== undefined && decodeSafely(owner) === decodeSafely(packageName)) return digest;
  throw badField('tag.version', `tag.version must be a version of ${packageName}, got "${version}"`);
}

function decodeSafely(name: string): string {
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
}
