import { expect, test } from '@jest/globals';

import { googleClients } from '../test-google-clients.ts';

const parent = 'projects/p/locations/us-central1';
const name = `${parent}/services/web`;
const template = { containers: [{ image: 'r/web' }] };

test('(4) writers over v1 and over v2 see each other: a version that was read over one is stale after a write over the other', async () => {
  await using t = await googleClients('gRPC');
  const [operation] = await t.services.createService({ parent, serviceId: 'web', service: { template } });
  const [before] = await operation.promise();
  const path = `${t.cloud.url}/apis/serving.knative.dev/v1/namespaces/p/services/web`;
  const read = (await (await fetch(path)).json()) as Readonly<Record<string, unknown>>;

  const [moved] = await t.services.updateService({ service: { name, labels: { team: 'green' }, template } });
  await moved.promise();
  const overV1 = await fetch(path, {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(read),
  });
  const overV2 = t.services.updateService({ service: { name, etag: before.etag ?? '', template } });

  expect([overV1.status, await overV1.text()]).toEqual([409, expect.stringContaining(CONFLICT)]);
  await expect(overV2).rejects.toMatchObject({ code: 10, message: expect.stringContaining(CONFLICT) });
});

const CONFLICT = "Conflict for resource 'web': version '";

test('(27) what is written over gRPC is read over REST, from one store', async () => {
  await using t = await googleClients('gRPC');
  const [operation] = await t.services.createService({ parent, serviceId: 'web', service: { template } });
  const [written] = await operation.promise();

  const read = (await (await fetch(`${t.cloud.url}/v2/${name}`)).json()) as { readonly etag?: string };

  expect(read.etag).toBe(written.etag);
});
