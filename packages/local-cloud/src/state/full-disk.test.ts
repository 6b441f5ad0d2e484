import {
  closeSync,
  existsSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';

import { describe, expect, test } from '@jest/globals';

import { serviceBody } from '../test-client.ts';
import { canMount, smallDisk } from '../test-small-disk.ts';
import { errorCode } from './error-code.ts';
import { openState } from './state.ts';
import { type ChildCloud, childCloud } from './test-child-cloud.ts';

// Where nothing may be mounted nothing is skipped: what needs it is not registered, and this test says so.
const withSmallDisk = canMount() ? describe : absent;

function absent(): void {
  test('this user may not mount a small disk, so none is filled here: run as root on Linux', () => {
    expect(canMount()).toBe(false);
  });
}

const KIB = 1024;
const MIB = 1024 * KIB;

withSmallDisk('a disk that is full', () => {
  test('has each write refused as UNAVAILABLE, and loses nothing that was acknowledged to a kill', async () => {
    using disk = smallDisk(256 * KIB);
    await using full = await childCloud(join(disk.path, 'state'));

    const { acknowledged, refusal } = await fill(full);
    const next = await create(full, 'one-more');
    const isRunning = full.isRunning();
    await full.kill();
    disk.resize(4 * MIB);
    await using restarted = await childCloud(join(disk.path, 'state'));

    expect(acknowledged.length).toBeGreaterThan(5);
    expect(refusal).toMatchObject(unavailable(disk.path));
    expect(next).toMatchObject(unavailable(disk.path));
    expect(isRunning).toBe(true);
    expect(await servicesOf(restarted)).toEqual(expect.arrayContaining([...acknowledged]));
    expect(await create(restarted, 'one-more')).toMatchObject({ status: 200 });
  }, 60_000);

  test('takes the next write when there is room again, and keeps it', async () => {
    using disk = smallDisk(256 * KIB);
    await using full = await childCloud(join(disk.path, 'state'));
    const { acknowledged } = await fill(full);

    disk.resize(4 * MIB);
    const next = await create(full, 'one-more');
    await full.kill();
    await using restarted = await childCloud(join(disk.path, 'state'));

    expect(next).toMatchObject({ status: 200 });
    expect(await servicesOf(restarted)).toEqual(expect.arrayContaining([...acknowledged, 'one-more']));
  }, 60_000);

  test('refuses an object, leaves no part of it, and takes it when there is room', async () => {
    using disk = smallDisk(256 * KIB);
    await using cloud = await childCloud(join(disk.path, 'state'));

    const refused = await upload(cloud, 300 * KIB);
    const left = readdirSync(join(disk.path, 'state.content', 'objects'));
    disk.resize(4 * MIB);
    const taken = await upload(cloud, 300 * KIB);

    expect(refused).toMatchObject(unavailable(disk.path));
    expect(left).toEqual([]);
    expect(taken.status).toBe(200);
  });

  test('has what was changed many times in vain written once, when there is room', () => {
    using disk = smallDisk(256 * KIB);
    const file = join(disk.path, 'state');
    const kept = new Map<unknown, unknown>([['gone', 1]]);
    const state = openState(file);
    state.keep({ kept }, () => 1);
    const write = (number: number) => {
      kept.set('a', `${number} ${'x'.repeat(100 * KIB)}`);
      state.commit();
    };
    range(2).forEach(write);

    for (const number of range(20))
      expect(() => {
        write(number);
      }).toThrow('ENOSPC');
    kept.delete('gone');
    disk.resize(512 * KIB);
    state.commit();
    state.close();

    expect(reopened(file)).toEqual(kept);
  });

  test('has a start refused, which leaves everything as it was', async () => {
    using disk = smallDisk(256 * KIB);
    const state = join(disk.path, 'state');
    const filler = join(disk.path, 'filler');
    await using first = await childCloud(state);
    await create(first, 'web');
    await first.kill();
    const before = readFileSync(state);
    fillWith(filler);

    await expect(childCloud(state)).rejects.toThrow(`state file "${state}" cannot be written: ENOSPC`);

    expect(readFileSync(state)).toEqual(before);
    rmSync(filler);
    await using again = await childCloud(state);
    expect(await servicesOf(again)).toEqual(['web']);
  });

  test('keeps the old file when it cannot be written anew, and has it written anew when there is room', async () => {
    using disk = smallDisk(7 * MIB);
    const file = join(disk.path, 'state');
    const said: string[] = [];
    const kept = new Map<unknown, unknown>();
    const state = openState(file, (line) => said.push(line));
    state.keep({ kept }, () => 1);
    const write = (numbers: readonly number[]) => {
      for (const number of numbers) {
        kept.set(number % 40, `${number} ${'x'.repeat(100 * KIB)}`);
        state.commit();
      }
    };

    write(range(43));
    await untilTrue(() => said.length > 0);
    const isLeft = existsSync(`${file}.new`);
    disk.resize(64 * MIB);
    write(range(60));
    const grown = statSync(file).size;
    await untilTrue(() => statSync(file).size < grown);
    state.close();

    expect(said).toEqual([expect.stringMatching(/grows, as it cannot be written anew: ENOSPC/)]);
    expect(isLeft).toBe(false);
    expect(reopened(file)).toEqual(kept);
  }, 60_000);
});

interface Answered {
  readonly status: number;
  readonly body: unknown;
}

function unavailable(folder: string): object {
  const message = expect.stringMatching(
    new RegExp(`^state file "${join(folder, 'state')}" cannot be written: ENOSPC`),
  );
  return { status: 503, body: { error: { code: 503, status: 'UNAVAILABLE', message } } };
}

/** Creates services until one is refused. */
async function fill(
  cloud: ChildCloud,
): Promise<{ readonly acknowledged: readonly string[]; readonly refusal: Answered }> {
  const acknowledged: string[] = [];
  for (;;) {
    const name = `web-${acknowledged.length}`;
    const answered = await create(cloud, name);
    if (answered.status !== 200) return { acknowledged, refusal: answered };
    acknowledged.push(name);
  }
}

const SERVICES = '/v2/projects/p/locations/r/services';

function create({ url }: ChildCloud, name: string): Promise<Answered> {
  const body = JSON.stringify(serviceBody());
  return answerOf(fetch(`${url}${SERVICES}?serviceId=${name}`, { method: 'POST', body }));
}

function upload({ url }: ChildCloud, bytes: number): Promise<Answered> {
  const path = '/upload/storage/v1/b/bucket/o?uploadType=media&name=large';
  return answerOf(fetch(`${url}${path}`, { method: 'POST', body: Buffer.alloc(bytes, 7) }));
}

async function servicesOf({ url }: ChildCloud): Promise<readonly string[]> {
  const { body } = await answerOf(fetch(`${url}${SERVICES}?pageSize=1000`));
  const { services = [] } = body as { readonly services?: readonly { readonly name: string }[] };
  return services.map(({ name }) => name.slice(name.lastIndexOf('/') + 1));
}

async function answerOf(asked: Promise<Response>): Promise<Answered> {
  const response = await asked;
  return { status: response.status, body: await response.json() };
}

/** Takes all the room that is left. */
function fillWith(file: string): void {
  const descriptor = openSync(file, 'w');
  try {
    for (;;) writeSync(descriptor, Buffer.alloc(KIB));
  } catch (thrown) {
    expect(errorCode(thrown)).toBe('ENOSPC');
  } finally {
    closeSync(descriptor);
  }
}

function range(length: number): readonly number[] {
  return Array.from({ length }, (_, index) => index);
}

/** A rewrite goes on by itself, a part at a time. */
async function untilTrue(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise(setImmediate);
}

function reopened(file: string): Map<unknown, unknown> {
  const kept = new Map<unknown, unknown>();
  const state = openState(file);
  state.keep({ kept }, () => 1);
  state.close();
  return kept;
}
