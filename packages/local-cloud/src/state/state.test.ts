import { mkdtempDisposable, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { describe, expect, test } from '@jest/globals';

import { type Answer, serviceBody, testCloud, type TestCloud } from '../test-client.ts';

describe('a local cloud with a state file', () => {
  test('is the same to its clients after a restart', async () => {
    await using folder = await tempFolder();
    const state = join(folder.path, 'state');
    const before = await inCloud(state, async (t) => {
      await t.write('POST', 'services?serviceId=web', serviceBody());
      await t.write('PATCH', 'services/web', serviceBody({ traffic: tagged }));
      await t.write('POST', 'jobs?jobId=migrate', job);
      await t.write('POST', 'jobs/migrate:run', {});
      return everything(t);
    });

    const after = await inCloud(state, everything);

    expect(after).toEqual(before);
  });

  test('answers at the same addresses after a restart', async () => {
    await using folder = await tempFolder();
    const state = join(folder.path, 'state');
    const uris = await inCloud(state, async (t) => {
      const created = await t.write('POST', 'services?serviceId=web', serviceBody({ traffic: tagged }));
      const { uri = '', trafficStatuses = [] } = created.body.response ?? {};
      return [uri, ...trafficStatuses.map((status) => status.uri ?? uri), t.cloud.hostUrl];
    });

    const answered = await inCloud(state, async (t) => ({
      statuses: await Promise.all(uris.slice(0, 2).map(async (uri) => (await fetch(uri)).status)),
      hostUrl: t.cloud.hostUrl,
    }));

    expect(answered).toEqual({ statuses: [200, 200], hostUrl: uris.at(-1) });
  });

  test('can give traffic to a revision that had none when it was stopped', async () => {
    await using folder = await tempFolder();
    const state = join(folder.path, 'state');
    await inCloud(state, async (t) => {
      await t.write('POST', 'services?serviceId=web', serviceBody({ template: named('web-one') }));
      await t.write('PATCH', 'services/web', serviceBody({ template: named('web-two') }));
    });

    const answer = await inCloud(state, async (t) => {
      const moved = await t.write('PATCH', 'services/web?updateMask=traffic', { traffic: allTo('web-one') });
      return (await fetch(moved.body.response?.uri ?? '')).json();
    });

    expect(answer).toMatchObject({ revision: 'web-one' });
  });

  test('keeps buckets, repositories, policies and the APIs that are enabled', async () => {
    await using folder = await tempFolder();
    const state = join(folder.path, 'state');
    const repositories = '/v1/projects/p/locations/r/repositories';
    const paths = ['/storage/v1/b/graphs', `${repositories}/apps`, `${repositories}/apps:getIamPolicy`];
    const all = (t: TestCloud) =>
      Promise.all([...paths, '/v1/projects/p/services'].map((path) => askOf(t, path)));
    const before = await inCloud(state, async (t) => {
      const policy = { bindings: [{ role: 'roles/viewer', members: ['user:ann@shop.example'] }] };
      const post = (path: string, body: object) => askOf(t, path, body);
      await post('/storage/v1/b?project=p', { name: 'graphs', location: 'EU', labels: { team: 'shop' } });
      await post(`${repositories}?repositoryId=apps`, { format: 'DOCKER', description: 'ours' });
      await post(`${repositories}/apps:setIamPolicy`, { policy });
      await post('/v1/projects/p/services/dns.googleapis.com:enable', {});
      return all(t);
    });

    expect(before).toMatchObject([{ location: 'EU' }, { description: 'ours' }, { bindings: [{}] }, {}]);
    expect(JSON.stringify(before[3])).toContain('dns.googleapis.com');
    expect(await inCloud(state, all)).toEqual(before);
  });

  test('keeps objects with their generations, secrets and images', async () => {
    await using folder = await tempFolder();
    const state = join(folder.path, 'state');
    const content = Buffer.alloc(10_000, 7);
    const before = await inCloud(state, async (t) => {
      await fetch(`${t.cloud.url}/upload/storage/v1/b/bucket/o?uploadType=media&name=large`, {
        method: 'POST',
        body: content,
      });
      await fetch(`${t.cloud.url}/-/secrets/key`, { method: 'PUT', body: 'one' });
      const uploaded = await fetch(`http://${t.cloud.registry}/v2/app/blobs/uploads/?digest=${EMPTY}`, {
        method: 'POST',
        body: '{}',
      });
      return { generation: await generationOf(t), uploaded: uploaded.status, registry: t.cloud.registry };
    });

    const after = await inCloud(state, async (t) => {
      const read = await fetch(`${t.cloud.url}/bucket/large`);
      const next = await fetch(`${t.cloud.url}/-/secrets/key`, { method: 'PUT', body: 'two' });
      const blob = await fetch(`http://${t.cloud.registry}/v2/app/blobs/${EMPTY}`);
      return {
        content: Buffer.from(await read.arrayBuffer()),
        generation: await generationOf(t),
        version: ((await next.json()) as { readonly version: string }).version,
        blob: await blob.text(),
        registry: t.cloud.registry,
      };
    });

    expect(before.uploaded).toBe(201);
    expect(after).toEqual({
      content,
      generation: before.generation,
      version: '2',
      blob: '{}',
      registry: before.registry,
    });
  });

  test('never gives out an etag a second time, even when the clock was set back', async () => {
    await using folder = await tempFolder();
    const state = join(folder.path, 'state');
    const late = { now: () => 2_000_000_000_000, sleep: () => Promise.resolve() };
    const early = { ...late, now: () => 1_000_000_000_000 };
    const first = await inCloud(state, (t) => t.write('POST', 'services?serviceId=web', serviceBody()), late);

    const second = await inCloud(state, (t) => t.write('PATCH', 'services/web', serviceBody()), early);

    const updated = [first, second].map(({ body }) => Date.parse(body.response?.updateTime ?? ''));
    expect(updated[1]).toBeGreaterThanOrEqual(updated[0] ?? 0);
    expect(second.body.response?.etag).not.toBe(first.body.response?.etag);
  });
});

describe('a run that ends in the middle', () => {
  test('ends a task as a crash of its instance does, and tries it again while retries are left', async () => {
    await using folder = await tempFolder();
    const state = join(folder.path, 'state');
    await inCloud(state, async (t) => {
      t.cloud.addFaults({ match: {}, effect: 'task-hangs', times: 2 });
      await t.write('POST', 'jobs?jobId=once', jobWith({ maxRetries: 0 }));
      await t.write('POST', 'jobs?jobId=again', jobWith({ maxRetries: 1 }));
      await t.call('POST', 'jobs/once:run', {});
      await t.call('POST', 'jobs/again:run', {});
    });

    const executions = await inCloud(state, async (t) => {
      await t.cloud.idle();
      return (await t.call('GET', 'jobs/-/executions')).body.executions;
    });

    expect(executions).toMatchObject([
      { succeededCount: 1, retriedCount: 1 },
      {
        failedCount: 1,
        conditions: expect.arrayContaining([expect.objectContaining({ type: 'Completed' })]),
      },
    ]);
  });

  test('leaves no operation without an end', async () => {
    await using folder = await tempFolder();
    const state = join(folder.path, 'state');
    await inCloud(state, async (t) => {
      t.cloud.addFaults({ match: {}, effect: 'task-hangs' });
      await t.write('POST', 'jobs?jobId=once', jobWith({ maxRetries: 0 }));
      await t.call('POST', 'jobs/once:run', {});
      await t.call('POST', 'services?serviceId=web', serviceBody());
      await t.call('DELETE', 'services/web');
    });

    const operations = await inCloud(state, async (t) => {
      await t.cloud.idle();
      return (await t.call('GET', 'operations')).body.operations ?? [];
    });

    expect(operations.map(({ done }) => done)).toEqual([true, true, true, true]);
  });
});

describe('a state file that cannot be used', () => {
  test('is refused to a second cloud', async () => {
    await using folder = await tempFolder();
    const state = join(folder.path, 'state');
    await using first = await testCloud({ state });

    await expect(testCloud({ state })).rejects.toThrow(
      `state file "${state}" is used by another local cloud, process ${process.pid}; stop that one, or give this one another file`,
    );
    expect((await first.call('GET', 'services')).status).toBe(200);
  });

  test.each([
    { file: 'a text of somebody else', content: 'hello\nworld\n', says: 'is no state file of a local cloud' },
    { file: 'one without a line', content: 'hello', says: 'is no state file of a local cloud' },
    { file: 'bytes', content: Buffer.from([0xff, 0x0a, 0]), says: 'is no state file of a local cloud' },
    {
      file: 'a newer version',
      content: '{"file":"fairlead local cloud state","version":9}\n',
      says: 'has version 9 and this local cloud reads version 1',
    },
    {
      file: 'a line with another checksum',
      content: '{"file":"fairlead local cloud state","version":1}\n00000000 [1]\n',
      says: 'is damaged at line 2 (byte 50)',
    },
  ])('is left as it is: $file', async ({ content, says }) => {
    await using folder = await tempFolder();
    const state = join(folder.path, 'state');
    await writeFile(state, content);

    await expect(testCloud({ state })).rejects.toThrow(says);

    expect(await readFile(state)).toEqual(Buffer.from(content));
  });

  test('is not one whose last line was cut: what was not acknowledged is dropped', async () => {
    await using folder = await tempFolder();
    const state = join(folder.path, 'state');
    await inCloud(state, (t) => t.write('POST', 'services?serviceId=web', serviceBody()));
    await writeFile(state, '12345678 [17,[["services",', { flag: 'a' });

    const services = await inCloud(state, async (t) => (await t.call('GET', 'services')).body.services);

    expect(services).toHaveLength(1);
  });
});

const EMPTY = 'sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a';
const LATEST = 'TRAFFIC_TARGET_ALLOCATION_TYPE_LATEST' as const;
const tagged = [{ type: LATEST, percent: 100, tag: 'green' }];
const job = jobWith({ maxRetries: 0 });

function jobWith(task: object): object {
  return { template: { template: { containers: [{ image: 'localhost:5000/migrate' }], ...task } } };
}

function named(revision: string): object {
  return { revision, containers: [{ image: `localhost:5000/${revision}` }] };
}

function allTo(revision: string): object {
  return [{ type: 'TRAFFIC_TARGET_ALLOCATION_TYPE_REVISION', revision, percent: 100 }];
}

async function tempFolder(): Promise<{ readonly path: string } & AsyncDisposable> {
  return mkdtempDisposable(join(tmpdir(), 'fairlead-state-'));
}

async function inCloud<T>(
  state: string,
  use: (t: TestCloud) => Promise<T>,
  clock?: { readonly now: () => number; readonly sleep: () => Promise<void> },
): Promise<T> {
  await using t = await testCloud({ state, ...(clock === undefined ? {} : { clock }) });
  return await use(t);
}

async function everything(t: TestCloud): Promise<readonly Answer[]> {
  await t.cloud.idle();
  const paths = ['services', 'services/web/revisions', 'jobs', 'jobs/-/executions', 'operations'];
  return Promise.all(paths.map((path) => t.call('GET', path)));
}

async function generationOf(t: TestCloud): Promise<unknown> {
  const object = await fetch(`${t.cloud.url}/storage/v1/b/bucket/o/large`);
  return ((await object.json()) as { readonly generation: string }).generation;
}

/** Any call; the answer without the address of this run. With a body it is a POST. */
async function askOf({ cloud }: TestCloud, path: string, body?: object): Promise<unknown> {
  const sent = body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) };
  const response = await fetch(`${cloud.url}${path}`, sent);
  return JSON.parse((await response.text()).replaceAll(cloud.url, '')) as unknown;
}
