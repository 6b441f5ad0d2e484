import type { Store } from '../registry/index.ts';
import { imageFacts, type Version } from './catalog.ts';
import type { PackagePlace } from './package-name.ts';

/** google.devtools.artifactregistry.v1.DockerImage; `host` is where the image is pulled from. */
export async function dockerImageView(store: Store, version: Version, host: string): Promise<object> {
  const { place, digest, tags, mediaType, artifactType } = version;
  const { sizeBytes, created, manifests } = await imageFacts(store, version);
  const uploadTime = timeView(version.uploadedMs);
  return {
    name: dockerImageName(version),
    uri: `${host}/${place.image}@${digest}`,
    ...(tags.length === 0 ? {} : { tags }),
    imageSizeBytes: String(sizeBytes),
    uploadTime,
    mediaType,
    ...(created === undefined ? {} : { buildTime: created }),
    updateTime: uploadTime,
    ...(artifactType === undefined ? {} : { artifactType }),
    ...(manifests.length === 0 ? {} : { imageManifests: manifests.map(childView) }),
  };
}

/** google.devtools.artifactregistry.v1.Version; tags and metadata only in the full view. */
export async function versionView(store: Store, version: Version, isFull: boolean): Promise<object> {
  const { place, mediaType, tags } = version;
  const time = timeView(version.uploadedMs);
  const basic = { name: versionName(version), createTime: time, updateTime: time };
  if (!isFull) return basic;
  const { sizeBytes, created } = await imageFacts(store, version);
  return {
    ...basic,
    ...(tags.length === 0 ? {} : { relatedTags: tags.map((tag) => tagView(place, tag, version.digest)) }),
    metadata: {
      name: dockerImageName(version),
      imageSizeBytes: String(sizeBytes),
      mediaType,
      ...(created === undefined ? {} : { buildTime: created }),
    },
  };
}

/** google.devtools.artifactregistry.v1.Package, from its versions, newest first. */
export function packageView({ packageName }: PackagePlace, versions: readonly Version[]): object {
  const times = versions.map(({ uploadedMs }) => uploadedMs);
  return {
    name: packageName,
    createTime: timeView(Math.min(...times)),
    updateTime: timeView(Math.max(...times)),
  };
}

export function tagView({ packageName }: PackagePlace, tag: string, digest: string): object {
  return { name: `${packageName}/tags/${tag}`, version: `${packageName}/versions/${digest}` };
}

function versionName({ place, digest }: Version): string {
  return `${place.packageName}/versions/${digest}`;
}

function dockerImageName({ place, digest }: Version): string {
  return `${place.packageName.replace('/packages/', '/dockerImages/')}@${digest}`;
}

export function timeView(ms: number): string {
  return new Date(ms).toISOString();
}

function childView(descriptor: Readonly<Record<string, unknown>>): object {
  const { digest, mediaType, platform } = descriptor;
  const { architecture, os, variant } = (platform ?? {}) as Readonly<Record<string, unknown>>;
  return Object.fromEntries(
    Object.entries({ architecture, os, variant, digest, mediaType }).filter(
      ([, value]) => typeof value === 'string',
    ),
  );
}
