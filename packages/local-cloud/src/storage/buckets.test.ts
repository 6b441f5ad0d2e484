import { describe, expect, test } from '@jest/globals';

import { testCloud } from '../test-client.ts';

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

describe('a bucket', () => {
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
});
