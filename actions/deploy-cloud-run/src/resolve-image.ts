import { ActionFailure } from '@fairlead/action-kit';
import { formatReference, type ImageReference, isLoopbackRegistry, parseReference } from '@fairlead/images';

/** A bearer token of Google's; `undefined` when none is needed. */
export type AccessToken = () => Promise<string | undefined>;

const TYPES = [
  'application/vnd.oci.image.index.v1+json',
  'application/vnd.docker.distribution.manifest.list.v2+json',
  'application/vnd.oci.image.manifest.v1+json',
  'application/vnd.docker.distribution.manifest.v2+json',
];

/** The image by digest; one that is named so already is not looked up. Throws when the tag does not exist. */
export async function resolveImage(image: string, accessToken: AccessToken): Promise<string> {
  const { registry, repository, tag = 'latest', digest } = parseReference(image);
  if (digest !== undefined) return formatReference({ registry, repository, digest });
  const response = await head({ registry, repository, tag }, accessToken);
  const found = response.headers.get('docker-content-digest') ?? '';
  if (response.status === 404)
    throw new ActionFailure(
      `image ${image} does not exist; build it first, or name a version that was built by input "tag"`,
    );
  if (!response.ok || found === '')
    throw new ActionFailure(`registry ${registry} answered ${response.status} for image ${image}`);
  return formatReference({ registry, repository, digest: found });
}

async function head(
  { registry, repository, tag = '' }: ImageReference,
  accessToken: AccessToken,
): Promise<Response> {
  const scheme = isLoopbackRegistry(registry) ? 'http' : 'https';
  const token = isGoogleRegistry(registry) ? await accessToken() : undefined;
  try {
    return await fetch(`${scheme}://${registry}/v2/${repository}/manifests/${tag}`, {
      method: 'HEAD',
      signal: AbortSignal.timeout(30_000),
      headers: {
        accept: TYPES.join(', '),
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      },
    });
  } catch (cause) {
    throw new ActionFailure(`registry ${registry} cannot be reached`, { cause });
  }
}

// A token of Google's is shown to Google's registries alone.
function isGoogleRegistry(registry: string): boolean {
  return /(^|\.)(pkg\.dev|gcr\.io)$/.test(registry);
}
