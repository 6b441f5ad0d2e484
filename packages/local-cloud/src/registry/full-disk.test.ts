import { randomBytes } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';

import { describe, expect, test } from '@jest/globals';

import { canMount, type SmallDisk, smallDisk } from '../test-small-disk.ts';
import { startRegistry } from './index.ts';
import { digestOf } from '../data/test-image.ts';

// Where nothing may be mounted nothing is skipped: what needs it is not registered, and this test says so.
const withSmallDisk = canMount() ? describe : absent;

function absent(): void {
  test('this user may not mount a small disk, so none is filled here: run as root on Linux', () => {
    expect(canMount()).toBe(false);
  });
}

const KIB = 1024;
const UNAVAILABLE = {
  status: 503,
  errors: [{ code: 'UNAVAILABLE', message: expect.stringMatching(/as its disk is full: ENOSPC/) }],
};

withSmallDisk('a registry whose disk is full', () => {
  test('refuses a blob, keeps no part of it, and takes a smaller one', async () => {
    using disk = smallDisk(256 * KIB);
    await using registry = await startRegistry({ folder: disk.path });
    const small = randomBytes(100 * KIB);

    const refused = await pushAtOnce(registry.address, randomBytes(500 * KIB));
    const left = filesIn(disk);
    const taken = await pushAtOnce(registry.address, small);
    const read = await fetch(blobAt(registry.address, small));

    expect(refused).toMatchObject(UNAVAILABLE);
    expect(left).toEqual([]);
    expect(taken.status).toBe(201);
    expect(Buffer.from(await read.arrayBuffer()).equals(small)).toBe(true);
  });

  test('refuses a chunk and forgets the upload, and the client begins anew when there is room', async () => {
    using disk = smallDisk(256 * KIB);
    await using registry = await startRegistry({ folder: disk.path });
    const content = randomBytes(300 * KIB);

    const refused = await pushInChunks(registry.address, content);
    const left = filesIn(disk);
    disk.resize(1024 * KIB);
    const taken = await pushInChunks(registry.address, content);

    expect(refused.at(-1)).toMatchObject(UNAVAILABLE);
    expect(left).toEqual([]);
    expect(taken.map(({ status }) => status)).toEqual([202, 202, 202, 201]);
  });

  test('refuses a manifest, and its tag stays with what it was', async () => {
    using disk = smallDisk(256 * KIB);
    await using registry = await startRegistry({ folder: disk.path });
    const config = Buffer.from('{}');
    await pushAtOnce(registry.address, config);
    const first = await putManifest(registry.address, manifestOf(config, 'first'));

    const refused = await putManifest(registry.address, manifestOf(config, 'x'.repeat(300 * KIB)));
    const tagged = await fetch(`http://${registry.address}/v2/${NAME}/manifests/latest`);

    expect(first.status).toBe(201);
    expect(refused).toMatchObject(UNAVAILABLE);
    expect(await tagged.json()).toMatchObject({ annotations: { note: 'first' } });
  });
});

const NAME = 'acme/services/web';
const IMAGE = 'application/vnd.oci.image.manifest.v1+json';

interface Answered {
  readonly status: number;
  readonly errors?: unknown;
}

async function answered(response: Response): Promise<Answered> {
  const body = await response.text();
  return { status: response.status, ...(body === '' ? {} : (JSON.parse(body) as object)) };
}

async function pushAtOnce(address: string, content: Buffer): Promise<Answered> {
  const url = `http://${address}/v2/${NAME}/blobs/uploads/?digest=${digestOf(content)}`;
  return answered(await fetch(url, { method: 'POST', body: new Uint8Array(content) }));
}

/** In two halves; what was answered to each request, until one was refused. */
async function pushInChunks(address: string, content: Buffer): Promise<readonly Answered[]> {
  const begun = await fetch(`http://${address}/v2/${NAME}/blobs/uploads/`, { method: 'POST' });
  const location = new URL(begun.headers.get('location') ?? '', `http://${address}`).href;
  const half = content.length / 2;
  const steps = [
    () => fetch(location, { method: 'PATCH', body: new Uint8Array(content.subarray(0, half)) }),
    () => fetch(location, { method: 'PATCH', body: new Uint8Array(content.subarray(half)) }),
    () => fetch(`${location}?digest=${digestOf(content)}`, { method: 'PUT' }),
  ];
  const answers = [await answered(begun)];
  for (const step of steps) {
    const answer = await answered(await step());
    answers.push(answer);
    if (answer.status >= 400) break;
  }
  return answers;
}

async function putManifest(address: string, manifest: object): Promise<Answered> {
  const response = await fetch(`http://${address}/v2/${NAME}/manifests/latest`, {
    method: 'PUT',
    headers: { 'content-type': IMAGE },
    body: JSON.stringify(manifest),
  });
  return answered(response);
}

function manifestOf(config: Buffer, note: string): object {
  const described = { mediaType: 'application/json', digest: digestOf(config), size: config.length };
  return { schemaVersion: 2, mediaType: IMAGE, config: described, layers: [], annotations: { note } };
}

function blobAt(address: string, content: Buffer): string {
  return `http://${address}/v2/${NAME}/blobs/${digestOf(content)}`;
}

function filesIn({ path }: SmallDisk): readonly string[] {
  const entries = readdirSync(path, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
}
