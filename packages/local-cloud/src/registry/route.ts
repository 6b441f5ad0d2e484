import { isDigest, isRepositoryName, isTag } from '@fairlead/images';

import { RegistryError } from './registry-error.ts';

/** What a path names. Names, tags and digests in it are checked: they are safe as parts of a file's path. */
export type Route =
  | { readonly kind: 'ping' }
  | { readonly kind: 'token' }
  | { readonly kind: 'uploads'; readonly name: string }
  | { readonly kind: 'upload'; readonly name: string; readonly id: string }
  | { readonly kind: 'blob'; readonly name: string; readonly digest: string }
  | { readonly kind: 'manifest'; readonly name: string; readonly reference: Reference }
  | { readonly kind: 'tags'; readonly name: string }
  | { readonly kind: 'referrers'; readonly name: string; readonly digest: string };

export type Reference =
  { readonly kind: 'tag'; readonly tag: string } | { readonly kind: 'digest'; readonly digest: string };

/** The route of a path; throws a RegistryError for a path that is none and for names outside of their grammar. */
export function routeOf(path: string, method = 'GET'): Route {
  const text = decoded(path);
  if (/^\/v2\/?$/.test(text)) return { kind: 'ping' };
  if (text === '/v2/token') return { kind: 'token' };
  const [, name, uploadId] = /^\/v2\/(.+)\/blobs\/uploads\/([^/]*)$/.exec(text) ?? [];
  if (name !== undefined && uploadId !== undefined) return uploadRoute(name, uploadId);
  const [, owner, collection, item] =
    /^\/v2\/(.+)\/(blobs|manifests|tags|referrers)\/([^/]+)$/.exec(text) ?? [];
  if (owner === undefined || item === undefined) throw notFound(text);
  if (collection === 'manifests')
    return { kind: 'manifest', name: checkedName(owner), reference: referenceOf(item, method) };
  return itemRoute(checkedName(owner), collection, item);
}

function itemRoute(name: string, collection: string | undefined, item: string): Route {
  switch (collection) {
    case 'blobs':
      return item === 'uploads'
        ? { kind: 'uploads', name }
        : { kind: 'blob', name, digest: checkedDigest(item) };
    case 'referrers':
      return { kind: 'referrers', name, digest: checkedDigest(item) };
    default:
      if (item !== 'list') throw notFound(`${name}/tags/${item}`);
      return { kind: 'tags', name };
  }
}

function uploadRoute(owner: string, id: string): Route {
  const name = checkedName(owner);
  return id === '' ? { kind: 'uploads', name } : { kind: 'upload', name, id };
}

function decoded(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    throw notFound(path);
  }
}

/** The repository's name; throws NAME_INVALID when it is outside of the grammar. */
export function checkedName(name: string): string {
  if (isRepositoryName(name)) return name;
  throw new RegistryError({
    status: 400,
    code: 'NAME_INVALID',
    message: `invalid repository name "${name}"`,
  });
}

/** The digest; throws DIGEST_INVALID when it is none of a known algorithm. */
export function checkedDigest(digest: string): string {
  if (isDigest(digest)) return digest;
  throw new RegistryError({ status: 400, code: 'DIGEST_INVALID', message: `invalid digest "${digest}"` });
}

/** What cannot be a tag is not there for who asks for it (the conformance suite wants 404), and refused to who pushes it. */
function referenceOf(text: string, method: string): Reference {
  if (text.includes(':')) return { kind: 'digest', digest: checkedDigest(text) };
  if (isTag(text)) return { kind: 'tag', tag: text };
  const message = `invalid tag "${text}"`;
  if (method === 'PUT') throw new RegistryError({ status: 400, code: 'MANIFEST_INVALID', message });
  throw new RegistryError({ status: 404, code: 'MANIFEST_UNKNOWN', message });
}

function notFound(path: string): RegistryError {
  return new RegistryError({ status: 404, code: 'UNSUPPORTED', message: `nothing is at "${path}"` });
}
