import { describe, expect, test } from '@jest/globals';

import { testCloud } from '../test-client.ts';
import type { Bucket } from './bucket.ts';
import { bucketView } from './bucket-view.ts';
import { objectStore } from './object-store.ts';
import type { StoredObject } from './stored-object.ts';

/** A cloud and calls below `/storage/v1/b`, as Terraform's provider makes them. */
async function buckets() {
  const t = await testCloud();
  const call = async (method: string, path: string, body?: unknown) => {
    const response = await fetch(`${t.cloud.url}/storage/v1/b${path}`, {
      method,
      ...(body === undefined
        ? {}
        : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
    });
    const text = await response.text();
    return {
      status: response.status,
      body: (text === '' ? {} : JSON.parse(text)) as Readonly<Record<string, unknown>>,
    };
  };
  const make = (settings: object = {}) =>
    call('POST', '?project=p&alt=json&prettyPrint=false', { name: 'graphs', ...settings });
  return { ...t, call, make, [Symbol.asyncDispose]: t.cloud.close };
}

describe('a setting that cannot be', () => {
  test.each<[object]>([
    [{ versioning: { enabled: 'yes' } }],
    [{ lifecycle: { rule: {} } }],
    [{ lifecycle: { rule: [null] } }],
    [{ lifecycle: { rule: [{ condition: { age: 1 } }] } }],
    [{ lifecycle: { rule: [{ action: { type: 'Explode' }, condition: {} }] } }],
    [{ lifecycle: { rule: [{ action: { type: 'Delete' }, condition: { age: -1 } }] } }],
    [{ iamConfiguration: { uniformBucketLevelAccess: 'x' } }],
    [{ iamConfiguration: { publicAccessPrevention: 'maybe' } }],
    [{ softDeletePolicy: { retentionDurationSeconds: {} } }],
    [{ softDeletePolicy: { retentionDurationSeconds: '-5' } }],
    [{ retentionPolicy: { retentionPeriod: 'long' } }],
    [{ billing: { requesterPays: 3 } }],
    [{ cors: [null] }],
    [{ rpo: 'X' }],
  ])('is refused and changes nothing: %j', async (settings) => {
    await using t = await buckets();
    const { body: before } = await t.make();

    const made = await t.call('POST', '?project=p', { name: 'others', ...settings });
    const patched = await t.call('PATCH', '/graphs', settings);

    expect([made.status, patched.status]).toEqual([400, 400]);
    expect(patched.body).toMatchObject({
      error: {
        message: expect.stringContaining(`Invalid value for field "${Object.keys(settings).join()}"`),
      },
    });
    expect((await t.call('GET', '/graphs')).body).toEqual(before);
    expect((await t.call('GET', '?project=p')).body['items']).toHaveLength(1);
  });

  test('is no JSON of any depth', async () => {
    await using t = await buckets();
    await t.make();
    const body = `{"website":${'{"a":'.repeat(50_000)}1${'}'.repeat(50_000)}}`;

    const { status } = await fetch(`${t.cloud.url}/storage/v1/b/graphs`, { method: 'PATCH', body });

    expect(status).toBe(400);
  });
});

test.each(['goog-x', 'my-google', '192.168.1.1', 'a'.repeat(64), `a.${'b'.repeat(64)}`])(
  'no bucket is called %s',
  async (name) => {
    await using t = await buckets();

    expect(await t.call('POST', '?project=p', { name })).toMatchObject({
      status: 400,
      body: { error: { message: `Invalid bucket name: '${name}'` } },
    });
  },
);

describe('a condition on the metageneration of a bucket', () => {
  test.each([
    ['DELETE', '?ifMetagenerationMatch=7'],
    ['DELETE', '?ifMetagenerationNotMatch=1'],
    ['PATCH', '?ifMetagenerationMatch=7'],
    ['PATCH', '?ifMetagenerationNotMatch=1'],
    ['PUT', '?ifMetagenerationNotMatch=1'],
    ['GET', '?ifMetagenerationMatch=7'],
  ])('that does not hold lets %s %s do nothing', async (method, query) => {
    await using t = await buckets();
    const { body: before } = await t.make();

    const refused = await t.call(method, `/graphs${query}`, method === 'GET' ? undefined : {});

    expect(refused).toMatchObject({
      status: 412,
      body: { error: { errors: [{ reason: 'conditionNotMet' }] } },
    });
    expect((await t.call('GET', '/graphs')).body).toEqual(before);
  });

  test('that holds lets a bucket be deleted, and one that the client knows is 304', async () => {
    await using t = await buckets();
    await t.make();

    const known = await t.call('GET', '/graphs?ifMetagenerationNotMatch=1');
    const gone = await t.call('DELETE', '/graphs?ifMetagenerationMatch=1');

    expect([known.status, gone.status]).toEqual([304, 204]);
  });
});

describe('a bucket', () => {
  test('whose class is taken away has the usual one again', async () => {
    await using t = await buckets();
    await t.make({ storageClass: 'NEARLINE' });

    const { body } = await t.call('PATCH', '/graphs', { storageClass: null });

    expect(body).toMatchObject({ storageClass: 'STANDARD' });
  });

  test('that says nothing of itself is in the US, deletes softly and is read by access lists', async () => {
    await using t = await buckets();

    const { body } = await t.make();

    expect(body).toMatchObject({
      projectNumber: expect.stringMatching(/^\d{12}$/),
      location: 'US',
      locationType: 'multi-region',
      rpo: 'DEFAULT',
      storageClass: 'STANDARD',
      metageneration: '1',
      etag: 'CAE=',
      softDeletePolicy: { retentionDurationSeconds: '604800', effectiveTime: body['timeCreated'] },
      iamConfiguration: {
        publicAccessPrevention: 'inherited',
        uniformBucketLevelAccess: { enabled: false },
      },
    });
    expect((await t.call('GET', '/graphs')).body).toEqual(body);
  });

  test('is as it was asked for', async () => {
    await using t = await buckets();
    const settings = {
      storageClass: 'NEARLINE',
      labels: { team: 'shop' },
      versioning: { enabled: true },
      lifecycle: { rule: [{ action: { type: 'Delete' }, condition: { age: 30 } }] },
      cors: [{ origin: ['https://shop.example'], method: ['GET'], maxAgeSeconds: 600 }],
      website: { mainPageSuffix: 'index.html' },
    };

    const { body } = await t.make({
      ...settings,
      location: 'us-central1',
      softDeletePolicy: { retentionDurationSeconds: '0' },
      iamConfiguration: {
        publicAccessPrevention: 'enforced',
        uniformBucketLevelAccess: { enabled: true },
      },
    });

    expect(body).toMatchObject({ ...settings, location: 'US-CENTRAL1', locationType: 'region' });
    expect(body).not.toHaveProperty('rpo');
    expect(body['softDeletePolicy']).toEqual({ retentionDurationSeconds: '0' });
    expect(body['iamConfiguration']).toMatchObject({
      publicAccessPrevention: 'enforced',
      uniformBucketLevelAccess: { enabled: true, lockedTime: expect.any(String) },
    });
  });

  test('is patched: what is said is merged, null takes away, its place stays', async () => {
    await using t = await buckets();
    await t.make({
      labels: { team: 'shop', stage: '1' },
      website: { mainPageSuffix: 'a' },
      location: 'EU',
    });

    const { body } = await t.call('PATCH', '/graphs', {
      labels: { stage: null, tier: 'front' },
      website: null,
      lifecycle: { rule: [] },
      location: 'US',
    });

    expect(body).toMatchObject({
      labels: { team: 'shop', tier: 'front' },
      location: 'EU',
      metageneration: '2',
      etag: 'CAI=',
    });
    expect(body['labels']).not.toHaveProperty('stage');
    expect(body).not.toHaveProperty('website');
    expect(body).not.toHaveProperty('lifecycle');
  });

  test.each([
    ['a class that there is not', { storageClass: 'WARM' }],
    ['labels that are no texts', { labels: { team: 1 } }],
    ['a location that is none', { location: 'us central' }],
  ])('is not made with %s', async (_, settings) => {
    await using t = await buckets();

    const refused = await t.make(settings);

    expect(refused).toMatchObject({ status: 400, body: { error: { errors: [{ reason: 'invalid' }] } } });
    expect((await t.call('GET', '/graphs')).status).toBe(404);
  });

  test('gives its class to its objects', async () => {
    await using t = await buckets();
    await t.make({ storageClass: 'COLDLINE' });

    await fetch(`${t.cloud.url}/upload/storage/v1/b/graphs/o?uploadType=media&name=a`, {
      method: 'POST',
      body: 'schema',
    });

    expect((await t.call('GET', '/graphs/o/a')).body).toMatchObject({ storageClass: 'COLDLINE' });
  });
});

describe('a policy of a bucket', () => {
  const VIEWER = { role: 'roles/storage.objectViewer', members: ['user:ann@shop.example'] };

  test('grants the project its rights until it is written', async () => {
    await using t = await buckets();
    await t.make();

    const first = await t.call('GET', '/graphs/iam?optionsRequestedPolicyVersion=3');
    const written = await t.call('PUT', '/graphs/iam', { ...first.body, bindings: [VIEWER] });

    expect(first.body).toEqual({
      kind: 'storage#policy',
      resourceId: 'projects/_/buckets/graphs',
      version: 1,
      etag: 'CAE=',
      bindings: [
        {
          role: 'roles/storage.legacyBucketOwner',
          members: ['projectEditor:p', 'projectOwner:p'],
        },
        { role: 'roles/storage.legacyBucketReader', members: ['projectViewer:p'] },
      ],
    });
    expect(written).toMatchObject({ status: 200, body: { etag: 'CAI=', bindings: [VIEWER] } });
    expect((await t.call('GET', '/graphs/iam')).body).toEqual(written.body);
    expect((await t.call('GET', '/graphs')).body).toMatchObject({ metageneration: '2' });
  });

  test('is not written over one that somebody else wrote meanwhile', async () => {
    await using t = await buckets();
    await t.make();
    const { body: read } = await t.call('GET', '/graphs/iam');
    await t.call('PUT', '/graphs/iam', { bindings: [VIEWER] });

    const refused = await t.call('PUT', '/graphs/iam', { ...read, bindings: [] });

    expect(refused).toMatchObject({
      status: 412,
      body: { error: { errors: [{ reason: 'conditionNotMet' }] } },
    });
    expect((await t.call('GET', '/graphs/iam')).body).toMatchObject({ bindings: [VIEWER] });
  });

  test('tells which permissions the caller holds', async () => {
    await using t = await buckets();
    await t.make();

    const { body } = await t.call(
      'GET',
      '/graphs/iam/testPermissions?permissions=storage.objects.get&permissions=run.jobs.get',
    );

    expect(body).toMatchObject({ permissions: ['storage.objects.get'] });
  });

  test('is refused in the form of Cloud Storage when it names a role that is none', async () => {
    await using t = await buckets();
    await t.make();

    const refused = await t.call('PUT', '/graphs/iam', { bindings: [{ role: 'x', members: ['allUsers'] }] });

    expect(refused).toMatchObject({
      status: 400,
      body: { error: { code: 400, errors: [{ domain: 'global', reason: 'invalid' }] } },
    });
  });
});

test.each<[string, ReadonlyMap<string, Bucket>]>([
  ['nothing', new Map()],
  [
    'no defaults',
    new Map([['graphs', { metageneration: 1, createdMicros: 1, updatedMicros: 1, settings: {} }]]),
  ],
])('a bucket of which the state file says %s is listed, described and written to', (_, buckets) => {
  const live = new Map([['graphs', new Map<string, StoredObject>()]]);
  const store = objectStore(() => 1_000_000, { live, noncurrent: new Map(), buckets: new Map(buckets) });

  store.write({ bucket: 'graphs', name: 'a', content: Buffer.from('x'), settings: {} }, {});
  const shown = store.buckets().map((name) => bucketView(name, store.bucket(name), 'http://x'));

  expect(shown).toEqual([
    expect.objectContaining({ name: 'graphs', location: 'US', storageClass: 'STANDARD' }),
  ]);
  expect(store.list('graphs', '').map(({ name }) => name)).toEqual(['a']);
});
