import { expect, test } from '@jest/globals';
import { systemClock } from '@fairlead/action-kit';

import { deleteService, createService } from '../control/services/services.ts';
import { performAll } from '../control/test-performer.ts';
import { testWorld } from '../control/test-world.ts';
import type { World } from '../control/world.ts';
import type { ApiReply, ApiRequest } from '../http/route.ts';
import { knativeRoutes } from './knative-routes.ts';
import { knativeService, testV1 } from './test-v1.ts';

const name = 'projects/p/locations/r/services/web';

test('a service whose deletion is under way is still there, with the time of that', async () => {
  const world = worldWithWeb();

  const operation = deleteService(world, { name, validateOnly: false });
  const got = await ask(world, '/apis/serving.knative.dev/v1/namespaces/p/services/web');
  const listed = await ask(world, '/v1/projects/p/locations/-/services');

  expect(operation.done).toBeUndefined();
  expect(got).toMatchObject({
    kind: 'Service',
    metadata: { name: 'web', deletionTimestamp: expect.any(String) },
    status: {
      conditions: expect.arrayContaining([expect.objectContaining({ type: 'Ready', status: 'True' })]),
    },
  });
  expect(listed).toMatchObject({ items: [{ metadata: { deletionTimestamp: expect.any(String) } }] });
});

test('a service whose deletion is over is gone', async () => {
  const world = worldWithWeb();

  deleteService(world, { name, validateOnly: false });
  performAll(world);

  await expect(ask(world, '/apis/serving.knative.dev/v1/namespaces/p/services/web')).rejects.toMatchObject({
    code: 'NOT_FOUND',
  });
  expect(await ask(world, '/v1/projects/p/locations/-/services')).not.toHaveProperty('items');
});

test('a service that came back while the one before it goes is the new one', async () => {
  const world = worldWithWeb();
  deleteService(world, { name, validateOnly: false });

  createWeb(world);
  const got = await ask(world, '/apis/serving.knative.dev/v1/namespaces/p/services/web');

  expect(got).not.toHaveProperty('metadata.deletionTimestamp');
});

test.each([
  ['services/web', 'propagationPolicy=Foreground'],
  ['services/web', 'propagationPolicy=Orphan&kind=Service&apiVersion=serving.knative.dev%2Fv1'],
])('%s is deleted whatever %s says, as Cloud Run ignores it', async (path, query) => {
  await using t = await testV1();
  await t.v1('POST', 'serving/services', knativeService('web'));
  await t.cloud.idle();

  const deleted = await t.v1('DELETE', `serving/${path}?${query}`);
  await t.cloud.idle();

  expect(deleted).toMatchObject({ status: 200, body: { status: 'Success' } });
  expect((await t.v1('GET', `serving/${path}`)).status).toBe(404);
  expect((await t.v1('GET', 'serving/revisions')).body.items).toBeUndefined();
});

function worldWithWeb(): World {
  const world = testWorld();
  createWeb(world);
  performAll(world);
  return world;
}

function createWeb(world: World): void {
  const service = { template: { containers: [{ image: 'localhost:5000/web' }] } };
  createService(world, { parent: 'projects/p/locations/r', serviceId: 'web', service, validateOnly: false });
}

/** A data plane that takes its time: nothing is performed while this is asked. */
async function ask(world: World, path: string): Promise<ApiReply['body']> {
  const performer = {
    perform: () => undefined,
    change: () => Promise.resolve(),
    idle: () => Promise.resolve(),
  };
  const routes = knativeRoutes({ apis: new Map(), world, performer, clock: systemClock }, 'r');
  const request: ApiRequest = {
    method: 'GET',
    path,
    query: new URLSearchParams(),
    headers: {},
    body: Buffer.alloc(0),
    signal: AbortSignal.timeout(5_000),
  };
  const route = routes.find(({ method, pattern }) => method === 'GET' && pattern.test(path));
  const reply = await route?.handle(request, ...(route.pattern.exec(path)?.slice(1) ?? []));
  return reply?.body;
}
