import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { IncomingMessage } from 'node:http';

import { answer, type Exchange } from './exchange.ts';
import { invalid, manifestBody, type ManifestBody } from './manifest-body.ts';
import { RegistryError } from './registry-error.ts';
import type { Reference } from './route.ts';
import type { Store } from './store.ts';

const LIMIT_BYTES = 4 * 1024 * 1024;

export async function readManifest(exchange: Exchange, name: string, reference: Reference): Promise<void> {
  const { store } = exchange.registry;
  const digest = await existingDigest(store, name, reference);
  const link = await store.manifest(name, digest);
  if (link === undefined) throw await unknown(store, name, digest);
  const body = await readFile(store.blobPath(digest));
  const headers = { 'content-type': link.mediaType, 'docker-content-digest': digest, etag: `"${digest}"` };
  answer(exchange, { status: 200, headers: { ...headers, 'content-length': body.length }, body });
}

export async function writeManifest(exchange: Exchange, name: string, reference: Reference): Promise<void> {
  const bytes = await wholeBody(exchange.request);
  const body = manifestBody(bytes, exchange.request.headers['content-type']);
  const digest = digestOfManifest(bytes, reference);
  await exchange.registry.inTurn(name, () => store(exchange, name, { reference, digest, bytes, body }));
  answer(exchange, {
    status: 201,
    headers: {
      location: `/v2/${name}/manifests/${digest}`,
      'docker-content-digest': digest,
      ...(body.link.subject === undefined ? {} : { 'oci-subject': body.link.subject }),
    },
  });
}

/** Removes a tag alone, or a manifest with all tags that point at it. */
export async function deleteManifest(exchange: Exchange, name: string, reference: Reference): Promise<void> {
  const { registry } = exchange;
  await registry.inTurn(name, async () => {
    const digest = await existingDigest(registry.store, name, reference);
    const tags = reference.kind === 'tag' ? [reference.tag] : await tagsOf(registry.store, name, digest);
    if (registry.policy.hasImmutableTags(name) && tags.length > 0)
      throw immutable(`cannot delete what tag ${tags.join(', ')} points at`);
    await Promise.all(tags.map((tag) => registry.store.removeTag(name, tag)));
    if (reference.kind === 'digest') await registry.store.removeManifest(name, digest);
  });
  answer(exchange, { status: 202 });
}

interface Incoming {
  readonly reference: Reference;
  readonly digest: string;
  readonly bytes: Buffer;
  readonly body: ManifestBody;
}

async function store({ registry }: Exchange, name: string, incoming: Incoming): Promise<void> {
  const { reference, digest, bytes, body } = incoming;
  await checkParts(registry.store, name, body);
  const tag = reference.kind === 'tag' ? reference.tag : undefined;
  const tagged = tag === undefined ? undefined : await registry.store.tag(name, tag);
  if (registry.policy.hasImmutableTags(name) && tagged !== undefined && tagged !== digest)
    throw immutable(`cannot update tag ${tag ?? ''}`);
  await registry.store.putManifest(name, digest, { bytes, link: body.link });
  if (tag !== undefined && tagged !== digest) await registry.store.setTag(name, tag, digest);
}

/** All that a manifest points at must be in its repository already; its subject need not be. */
async function checkParts(store: Store, name: string, { blobs, manifests }: ManifestBody): Promise<void> {
  const isThere = await Promise.all([
    ...blobs.map(async (digest) => (await store.blobSize(name, digest)) !== undefined),
    ...manifests.map(async (digest) => (await store.manifest(name, digest)) !== undefined),
  ]);
  const missing = [...blobs, ...manifests].find((_, index) => !isThere[index]);
  if (missing === undefined) return;
  const message = `the manifest refers to ${missing}, which is not in ${name}`;
  throw new RegistryError({ status: 400, code: 'MANIFEST_BLOB_UNKNOWN', message });
}

function digestOfManifest(bytes: Buffer, reference: Reference): string {
  const algorithm = reference.kind === 'digest' ? reference.digest.slice(0, 6) : 'sha256';
  const digest = `${algorithm}:${createHash(algorithm).update(bytes).digest('hex')}`;
  if (reference.kind === 'tag' || reference.digest === digest) return digest;
  const message = `the manifest has digest ${digest}, not ${reference.digest}`;
  throw new RegistryError({ status: 400, code: 'DIGEST_INVALID', message });
}

async function existingDigest(store: Store, name: string, reference: Reference): Promise<string> {
  const digest = reference.kind === 'tag' ? await store.tag(name, reference.tag) : reference.digest;
  if (digest !== undefined && (await store.manifest(name, digest)) !== undefined) return digest;
  throw await unknown(store, name, reference.kind === 'tag' ? reference.tag : reference.digest);
}

async function unknown(store: Store, name: string, reference: string): Promise<RegistryError> {
  if (!(await store.exists(name)))
    return new RegistryError({
      status: 404,
      code: 'NAME_UNKNOWN',
      message: `repository "${name}" not found`,
    });
  const message = `manifest ${reference} is not in ${name}`;
  return new RegistryError({ status: 404, code: 'MANIFEST_UNKNOWN', message });
}

async function tagsOf(store: Store, name: string, digest: string): Promise<readonly string[]> {
  const tags = await store.tags(name);
  const digests = await Promise.all(tags.map((tag) => store.tag(name, tag)));
  return tags.filter((_, index) => digests[index] === digest);
}

/** In the words of Artifact Registry. */
function immutable(refused: string): RegistryError {
  return invalid(`${refused}. The repository has enabled tag immutability`);
}

async function wholeBody(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let length = 0;
  // Left open when it is too large, so that its sender gets to read why.
  for await (const chunk of request.iterator({ destroyOnReturn: false })) {
    length += (chunk as Buffer).length;
    if (length > LIMIT_BYTES)
      throw new RegistryError({
        status: 413,
        code: 'SIZE_INVALID',
        message: `a manifest has at most ${LIMIT_BYTES} bytes`,
      });
    chunks.push(chunk as Buffer);
  }
  return Buffer.concat(chunks);
}
