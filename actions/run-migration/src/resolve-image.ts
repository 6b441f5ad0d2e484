import { ActionFailure } from '@fairlead/action-kit';
import { isLoopbackHost } from '@fairlead/google';

const TYPES = [
  'application/vnd.oci.image.index.v1+json',
  'application/vnd.docker.distribution.manifest.list.v2+json',
  'application/vnd.oci.image.manifest.v1+json',
  'application/vnd.docker.distribution.manifest.v2+json',
];

/** The image by digest; an image that is named so already is not looked up. Throws when the tag does not exist. */
export async function resolveImage(
  image: string,
  accessToken: () => Promise<string | undefined>,
): Promise<string> {
  if (image.includes('@sha256:')) return image;
  const [, host = '', repository = '', tag = 'latest'] =
    /^([^/]+)\/([^:@]+)(?::([\w.-]+))?$/.exec(image) ?? [];
  if (host === '') throw new ActionFailure(`image must be named as host/path:tag, got "${image}"`);
  const response = await head(host, `${repository}/manifests/${tag}`, accessToken);
  const digest = response.headers.get('docker-content-digest') ?? '';
  if (response.status === 404)
    throw new ActionFailure(
      `image ${image} does not exist; build it first, or name a version that was built by input "tag"`,
    );
  if (!response.ok || digest === '')
    throw new ActionFailure(`registry ${host} answered ${response.status} for image ${image}`);
  return `${host}/${repository}@${digest}`;
}

async function head(
  host: string,
  path: string,
  accessToken: () => Promise<string | undefined>,
): Promise<Response> {
  const isLoopback = isLoopbackHost(host);
  const token = isLoopback ? undefined : await accessToken();
  try {
    return await fetch(`${isLoopback ? 'http' : 'https'}://${host}/v2/${path}`, {
      method: 'HEAD',
      signal: AbortSignal.timeout(30_000),
      headers: {
        accept: TYPES.join(', '),
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      },
    });
  } catch (cause) {
    throw new ActionFailure(`registry ${host} cannot be reached`, { cause });
  }
}
