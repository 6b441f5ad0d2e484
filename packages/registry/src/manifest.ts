import { ActionFailure } from '@fairlead/action-kit';
import { isDigest } from '@fairlead/images';

import { isRecord, type Json, parsedRecord, textOf } from './json.ts';

export const OCI_IMAGE = 'application/vnd.oci.image.manifest.v1+json';
export const OCI_CONFIG = 'application/vnd.oci.image.config.v1+json';
export const OCI_LAYER = 'application/vnd.oci.image.layer.v1.tar';
const OCI_INDEX = 'application/vnd.oci.image.index.v1+json';
const DOCKER_LIST = 'application/vnd.docker.distribution.manifest.list.v2+json';
const DOCKER_IMAGE = 'application/vnd.docker.distribution.manifest.v2+json';

/** What a client takes for a manifest. */
export const MANIFEST_TYPES = [OCI_INDEX, DOCKER_LIST, OCI_IMAGE, DOCKER_IMAGE].join(', ');

export interface Descriptor {
  readonly mediaType: string;
  readonly digest: string;
  readonly size: number;
}

export type ParsedManifest =
  | { readonly kind: 'image'; readonly config: Descriptor; readonly layers: readonly Descriptor[] }
  | { readonly kind: 'index'; readonly manifests: readonly (Descriptor & { readonly platform?: string })[] };

/** Reads a manifest's bytes; throws when they are none. `name` is for the message. */
export function parseManifestBytes(bytes: Uint8Array, name: string): ParsedManifest {
  const json = parsedRecord(new TextDecoder().decode(bytes));
  if (Array.isArray(json?.['manifests']))
    return { kind: 'index', manifests: json['manifests'].map((entry) => indexed(entry, name)) };
  if (!Array.isArray(json?.['layers']))
    throw new ActionFailure(`the manifest of ${name} is none of an image`);
  return {
    kind: 'image',
    config: descriptorOf(json['config'], name),
    layers: json['layers'].map((layer) => descriptorOf(layer, name)),
  };
}

function indexed(entry: unknown, name: string): Descriptor & { readonly platform?: string } {
  const platform =
    isRecord(entry) && isRecord(entry['platform']) ? platformText(entry['platform']) : undefined;
  return { ...descriptorOf(entry, name), ...(platform === undefined ? {} : { platform }) };
}

function descriptorOf(value: unknown, name: string): Descriptor {
  const { mediaType, digest, size } = isRecord(value) ? value : {};
  if (
    typeof mediaType === 'string' &&
    typeof digest === 'string' &&
    isDigest(digest) &&
    typeof size === 'number'
  )
    return { mediaType, digest, size };
  throw new ActionFailure(`the manifest of ${name} has an entry without type, digest or size`);
}

/** `linux/amd64`, `linux/arm64/v8`. */
function platformText(platform: Json): string {
  return [platform['os'], platform['architecture'], platform['variant']].filter(textOf).join('/');
}
