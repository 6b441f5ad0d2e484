import { expect, test } from '@jest/globals';

import { type Message, put } from './mapping.ts';
import { knativeService, testV1 } from './test-v1.ts';

const pool: Message = {
  apiVersion: 'run.googleapis.com/v1',
  kind: 'WorkerPool',
  metadata: { name: 'queue', namespace: 'p', annotations: { 'run.googleapis.com/manualInstanceCount': '3' } },
  spec: { template: { spec: { containers: [{ image: 'localhost:5000/queue' }] } } },
};

test('a worker pool that v1 made is one pool to v2, and is listed and deleted in v1', async () => {
  await using t = await testV1();

  await t.v1('POST', 'run/workerpools', pool);
  await t.cloud.idle();
  const read = await t.v1('GET', 'run/workerpools/queue');
  const v2 = await t.call('GET', 'workerPools/queue');
  const listed = await t.v1('GET', 'run/workerpools');
  const deleted = await t.v1('DELETE', 'run/workerpools/queue');

  expect(read.body).toMatchObject({
    kind: 'WorkerPool',
    metadata: {
      name: 'queue',
      uid: v2.body.uid,
      annotations: { 'run.googleapis.com/manualInstanceCount': '3' },
    },
    spec: { instanceSplits: [{ latestRevision: true, percent: 100 }] },
    status: { conditions: [{ type: 'Ready', status: 'True' }, {}], observedGeneration: 1 },
  });
  expect(v2.body).toMatchObject({ scaling: { manualInstanceCount: 3 } });
  expect(listed.body).toMatchObject({ kind: 'WorkerPoolList', items: [{ metadata: { name: 'queue' } }] });
  expect(deleted.body).toMatchObject({ status: 'Success', details: { kind: 'workerpool', name: 'queue' } });
  expect((await t.v1('GET', 'run/workerpools/queue')).status).toBe(404);
});

test('a worker pool is replaced by who has read the newest version', async () => {
  await using t = await testV1();
  const created = await t.v1('POST', 'run/workerpools', pool);
  const path = ['spec', 'template', 'spec', 'containers'];

  const replaced = await t.v1(
    'PUT',
    'run/workerpools/queue',
    put(created.body, path, [{ image: 'localhost:5000/queue:2' }]),
  );
  const stale = await t.v1('PUT', 'run/workerpools/queue', created.body);

  expect(replaced.body.metadata?.generation).toBe(2);
  expect(stale).toMatchObject({ status: 409, body: { error: { status: 'ABORTED' } } });
});

test('the revisions of a worker pool are listed by its label and read by their names', async () => {
  await using t = await testV1();
  await t.v1('POST', 'serving/services', knativeService('web'));
  const created = await t.v1('POST', 'run/workerpools', pool);
  await t.cloud.idle();
  const name = (created.body.status as Message)['latestCreatedRevisionName'];
  const selector = encodeURIComponent('run.googleapis.com/workerPool = queue');

  const listed = await t.v1('GET', `serving/revisions?labelSelector=${selector}`);
  const read = await t.v1('GET', `serving/revisions/${String(name)}`);

  expect(listed.body.items).toEqual([read.body]);
  expect(read.body).toMatchObject({
    kind: 'Revision',
    metadata: { name, labels: { 'run.googleapis.com/workerPool': 'queue' } },
    status: { conditions: [{ type: 'Ready', status: 'True' }, {}, {}] },
  });
});

test('writing a worker pool back makes no revision', async () => {
  await using t = await testV1();
  const created = await t.v1('POST', 'run/workerpools', pool);

  const replaced = await t.v1('PUT', 'run/workerpools/queue', created.body);

  expect(replaced.body.status).toMatchObject({
    latestCreatedRevisionName: (created.body.status as Message)['latestCreatedRevisionName'],
  });
});
