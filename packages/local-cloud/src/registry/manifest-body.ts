import { isDigest } from '@fairlead/images';

import { RegistryError } from './registry-error.ts';
import type { ManifestLink } from './store.ts';

const IMAGES = [
  'application/vnd.oci.image.manifest.v1+json',
  'application/vnd.docker.distribution.manifest.v2+json',
];
export const INDEX_TYPE = 'application/vnd.oci.image.index.v1+json';
const INDEXES = [INDEX_TYPE, 'application/vnd.docker.distribution.manifest.list.v2+json'];

/** What a manifest says of itself and what it points at. */
export interface ManifestBody {
  readonly link: ManifestLink;
  readonly blobs: readonly string[];
  readonly manifests: readonly string[];
}

interface Json {
  readonly [key: string]: unknown;
}

/** Reads a manifest; throws MANIFEST_INVALID when it is none of the known kinds or says something else than its header. */
export function manifestBody(bytes: Buffer, contentType: string | undefined): ManifestBody {
  const json = parsed(bytes);
  const mediaType = mediaTypeOf(json, contentType?.split(';')[0]?.trim());
  const config = isRecord(json['config']) ? json['config'] : undefined;
  const artifactType = textOf(json['artifactType']) ?? textOf(config?.['mediaType']);
  const subject = json['subject'] === undefined ? undefined : digestOf(json['subject'], 'subject');
  const annotations = isRecord(json['annotations'])
    ? (json['annotations'] as Record<string, string>)
    : undefined;
  return {
    link: {
      mediaType,
      ...(subject === undefined ? {} : { subject }),
      ...(artifactType === undefined ? {} : { artifactType }),
      ...(annotations === undefined ? {} : { annotations }),
    },
    ...(INDEXES.includes(mediaType) ? indexed(json) : imaged(json)),
  };
}

function imaged(json: Json): Pick<ManifestBody, 'blobs' | 'manifests'> {
  const layers = listOf(json['layers'], 'layers').filter((layer) => !isForeign(layer));
  return {
    blobs: [digestOf(json['config'], 'config'), ...layers.map((layer) => digestOf(layer, 'layers'))],
    manifests: [],
  };
}

function indexed(json: Json): Pick<ManifestBody, 'blobs' | 'manifests'> {
  return {
    blobs: [],
    manifests: listOf(json['manifests'], 'manifests').map((entry) => digestOf(entry, 'manifests')),
  };
}

/** A layer that lives elsewhere and that registries do not hold. */
function isForeign(layer: unknown): boolean {
  return isRecord(layer) && Array.isArray(layer['urls']) && layer['urls'].length > 0;
}

function mediaTypeOf(json: Json, contentType: string | undefined): string {
  const said = textOf(json['mediaType']);
  const mediaType = contentType ?? said;
  if (mediaType === undefined || ![...IMAGES, ...INDEXES].includes(mediaType))
    throw invalid(`media type "${mediaType ?? ''}" is none of an image manifest or an index`);
  if (said !== undefined && said !== mediaType)
    throw invalid(`the header says media type "${mediaType}", the manifest says "${said}"`);
  if (json['schemaVersion'] !== 2) throw invalid('schemaVersion is not 2');
  return mediaType;
}

function parsed(bytes: Buffer): Json {
  try {
    const json: unknown = JSON.parse(bytes.toString('utf8'));
    if (isRecord(json)) return json;
  } catch {
    // It is no JSON: the same refusal as for JSON that is no object.
  }
  throw invalid('a manifest is a JSON object');
}

function digestOf(descriptor: unknown, field: string): string {
  const digest = isRecord(descriptor) ? textOf(descriptor['digest']) : undefined;
  if (digest !== undefined && isDigest(digest)) return digest;
  throw invalid(`"${field}" has no valid digest`);
}

function listOf(value: unknown, field: string): readonly unknown[] {
  if (Array.isArray(value)) return value as readonly unknown[];
  throw invalid(`"${field}" is not a list`);
}

function isRecord(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

export function invalid(message: string): RegistryError {
  return new RegistryError({ status: 400, code: 'MANIFEST_INVALID', message });
}
