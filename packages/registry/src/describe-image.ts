import { formatReference, type ImageReference } from '@fairlead/images';

import { isRecord, parsedRecord, textOf } from './json.ts';
import { type ParsedManifest, parseManifestBytes } from './manifest.ts';
import type { RegistryClient } from './registry-client.ts';

/** An image as its registry has it. */
export interface DescribedImage {
  readonly digest: string;
  /** Of the image for the platform: another one than `digest` when that is an index; absent when the index has none. */
  readonly platformDigest?: string;
  /** Bytes of its layers and configuration as they are stored; absent for an index. */
  readonly sizeBytes?: number;
  /** Labels of the configuration; none for an index, whose images have their own. */
  readonly labels: Readonly<Record<string, string>>;
}

/** What a name stands for, in at most two requests; undefined when there is no such image. */
export async function describeImage(
  client: RegistryClient,
  image: ImageReference,
  platform: string,
): Promise<DescribedImage | undefined> {
  const found = await client.manifest(image);
  if (found === undefined) return undefined;
  const { digest } = found;
  const manifest = parseManifestBytes(found.bytes, formatReference(image));
  if (manifest.kind === 'index') {
    const child = manifest.manifests.find((entry) => entry.platform === platform);
    return { digest, labels: {}, ...(child && { platformDigest: child.digest }) };
  }
  const config = await client.readBlob(image, manifest.config.digest);
  return { digest, platformDigest: digest, sizeBytes: sizeOf(manifest), labels: labelsOf(config) };
}

export function sizeOf({ config, layers }: Extract<ParsedManifest, { kind: 'image' }>): number {
  return layers.reduce((sum, { size }) => sum + size, config.size);
}

function labelsOf(config: Uint8Array): Readonly<Record<string, string>> {
  const settings = parsedRecord(new TextDecoder().decode(config))?.['config'];
  const labels = isRecord(settings) && isRecord(settings['Labels']) ? settings['Labels'] : {};
  return Object.fromEntries(
    Object.entries(labels).flatMap(([key, value]) => {
      const text = textOf(value);
      return text === undefined ? [] : [[key, text]];
    }),
  );
}
