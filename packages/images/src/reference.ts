import { isDigest, isRegistryHost, isRepositoryName, isTag } from './grammar.ts';
import { checkArtifactRegistryPath, type Place } from './artifact-registry.ts';
import { ImageError } from './image-error.ts';

/** An image's name in full. */
export interface ImageReference extends Place {
  readonly tag?: string;
  readonly digest?: string;
}

const EXAMPLE = 'us-central1-docker.pkg.dev/PROJECT/REPOSITORY/IMAGE';
const DOCKER_HUB = 'docker.io';

/**
 * Reads a name such as `us-central1-docker.pkg.dev/acme/services/web:main-abc1234` or `…@sha256:…`. Names without a registry are Docker Hub's,
 * as Docker reads them. Throws an ImageError that says which part is wrong.
 */
export function parseReference(text: string): ImageReference {
  const [named = '', digest, ...more] = text.split('@');
  if (more.length > 0) throw invalid(text, 'it has more than one "@"');
  if (digest !== undefined && !isDigest(digest))
    throw invalid(text, `"${digest}" is no digest such as sha256:<64 hex digits>`);
  const colon = named.indexOf(':', named.lastIndexOf('/') + 1);
  const tag = colon < 0 ? undefined : named.slice(colon + 1);
  if (tag !== undefined && !isTag(tag))
    throw invalid(
      text,
      `tag "${tag}" must be 1 to 128 letters, digits, ".", "_" or "-" and not begin with "." or "-"`,
    );
  const place = placeOf(colon < 0 ? named : named.slice(0, colon));
  if (!isRegistryHost(place.registry)) throw invalid(text, `"${place.registry}" is no host`);
  if (!isRepositoryName(place.repository))
    throw invalid(
      text,
      `"${place.repository}" must be lower-case letters and digits, joined by ".", "_", "-" or "/"`,
    );
  checkArtifactRegistryPath(place, (because) => invalid(text, because));
  return { ...place, ...(tag !== undefined && { tag }), ...(digest !== undefined && { digest }) };
}

/** The name as it is written everywhere; the digest wins nothing over the tag: both are written. */
export function formatReference({ registry, repository, tag, digest }: ImageReference): string {
  const tagged = tag === undefined ? '' : `:${tag}`;
  const pinned = digest === undefined ? '' : `@${digest}`;
  return `${registry}/${repository}${tagged}${pinned}`;
}

/** Whether a registry is on this machine, and so is spoken to over plain http. */
export function isLoopbackRegistry(registry: string): boolean {
  return /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])(?::\d+)?$/i.test(registry);
}

/** The first part is a registry when it could not be a folder: as Docker decides it. */
function placeOf(name: string): Place {
  const slash = name.indexOf('/');
  const first = name.slice(0, Math.max(slash, 0));
  if (slash > 0 && (/[.:[]/.test(first) || first === 'localhost'))
    return { registry: first, repository: name.slice(slash + 1) };
  return { registry: DOCKER_HUB, repository: slash < 0 ? `library/${name}` : name };
}

function invalid(text: string, because: string): ImageError {
  return new ImageError('reference-invalid', `"${text}" is no image name such as ${EXAMPLE}: ${because}`);
}
