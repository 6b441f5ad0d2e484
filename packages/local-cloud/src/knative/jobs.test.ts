import { expect, test } from '@jest/globals';

import { at, messageOf, put } from './mapping.ts';
import { knativeJob, testV1 } from './test-v1.ts';

// Against a recording of the real API that gcloud 537 made (k8s-config-connector, mockrun/testdata/job/crud).
test('a job reads in v1 as the real API writes it', async () => {
  await using t = await testV1();
  const annotations = {
    'run.googleapis.com/client-name': 'gcloud',
    'run.googleapis.com/client-version': '537.0.0',
  };
  const written = put(knativeJob('migrate'), ['metadata', 'annotations'], annotations);

  await t.v1('POST', 'run/jobs', put(written, ['status'], { latestCreatedExecution: {} }));

  expect((await t.v1('GET', 'run/jobs/migrate')).body).toEqual({
    apiVersion: 'run.googleapis.com/v1',
    kind: 'Job',
    metadata: {
      annotations: {
        ...annotations,
        'run.googleapis.com/creator': 'user@example.com',
        'run.googleapis.com/lastModifier': 'user@example.com',
        'run.googleapis.com/operation-id': expect.any(String),
      },
      creationTimestamp: expect.any(String),
      generation: 1,
      labels: {
        'cloud.googleapis.com/location': 'r',
        'run.googleapis.com/lastUpdatedTime': expect.any(String),
      },
      name: 'migrate',
      namespace: expect.stringMatching(/^\d{12}$/),
      resourceVersion: expect.any(String),
      selfLink: expect.stringMatching(/\/jobs\/migrate$/),
      uid: expect.any(String),
    },
    spec: {
      template: {
        metadata: { annotations: { ...annotations, 'run.googleapis.com/execution-environment': 'gen2' } },
        spec: {
          taskCount: 1,
          template: {
            spec: {
              containers: [
                { image: 'localhost:5000/migrate', resources: { limits: { cpu: '1000m', memory: '512Mi' } } },
              ],
              maxRetries: 0,
              serviceAccountName: expect.stringMatching(/^\d+-compute@developer\.gserviceaccount\.com$/),
              timeoutSeconds: '600',
            },
          },
        },
      },
    },
    status: {
      conditions: [{ lastTransitionTime: expect.any(String), status: 'True', type: 'Ready' }],
      observedGeneration: 1,
    },
  });
});

test('a run overrides arguments, variables, tasks and timeout for itself alone', async () => {
  await using t = await testV1();
  await t.v1('POST', 'run/jobs', knativeJob('migrate'));

  const run = await t.v1('POST', 'run/jobs/migrate:run', {
    overrides: {
      taskCount: 2,
      timeoutSeconds: 30,
      containerOverrides: [{ args: ['up'], env: [{ name: 'A', value: 'b' }] }],
    },
  });
  await t.cloud.idle();
  const done = await t.v1('GET', `run/executions/${run.body.metadata?.name ?? ''}`);

  expect(run.body).toMatchObject({
    kind: 'Execution',
    metadata: { labels: { 'run.googleapis.com/job': 'migrate' } },
  });
  expect(done.body).toMatchObject({
    spec: {
      taskCount: 2,
      template: {
        spec: { timeoutSeconds: '30', containers: [{ args: ['up'], env: [{ name: 'A', value: 'b' }] }] },
      },
    },
    status: { succeededCount: 2, conditions: [{ type: 'Completed', status: 'True' }, {}, {}, {}] },
  });
  expect((await t.v1('GET', 'run/jobs/migrate')).body).toMatchObject({
    status: { executionCount: 1, latestCreatedExecution: { completionStatus: 'EXECUTION_SUCCEEDED' } },
  });
});

test.each<[body: object, permission: string]>([
  [{}, 'run.jobs.run'],
  [{ overrides: { taskCount: 2 } }, 'run.jobs.runWithOverrides'],
])('the log of calls says that a run with %j needs %s', async (body, permission) => {
  await using t = await testV1();
  await t.v1('POST', 'run/jobs', knativeJob('migrate'));

  await t.v1('POST', 'run/jobs/migrate:run', body);

  expect(t.cloud.calls()).toMatchObject([
    { rpc: 'google.cloud.run.v1.Jobs.CreateJob', permission: 'run.jobs.create' },
    { rpc: 'google.cloud.run.v1.Jobs.RunJob', permission },
  ]);
});

test('a failed task fails the execution, and tasks are listed by how they ended', async () => {
  await using t = await testV1();
  await t.v1('POST', 'run/jobs', knativeJob('migrate'));
  t.cloud.addFaults({ match: {}, effect: 'task-fails', exitCode: 3, message: 'no such table' });
  const run = await t.v1('POST', 'run/jobs/migrate:run', {});
  await t.cloud.idle();
  const name = run.body.metadata?.name ?? '';

  const execution = await t.v1('GET', `run/executions/${name}`);
  const failed = await tasksOf(
    t,
    `run.googleapis.com/execution = ${name},run.googleapis.com/runningState in (Failed)`,
  );
  const running = await tasksOf(
    t,
    `run.googleapis.com/execution = ${name},run.googleapis.com/runningState in (Running)`,
  );
  const task = await t.v1('GET', `run/tasks/${name}-task0`);

  expect(execution.body.status).toMatchObject({
    failedCount: 1,
    conditions: [{ type: 'Completed', status: 'False', reason: 'NonZeroExitCode' }, {}, {}, {}],
  });
  expect(failed.items).toHaveLength(1);
  expect(running.items).toBeUndefined();
  expect(task.body.status).toMatchObject({ lastAttemptResult: { exitCode: 3 } });
});

test('a cancelled execution says so, and can be deleted', async () => {
  await using t = await testV1();
  await t.v1('POST', 'run/jobs', knativeJob('migrate'));
  t.cloud.addFaults({ match: {}, effect: 'task-hangs' });
  const run = await t.v1('POST', 'run/jobs/migrate:run', {});
  const name = run.body.metadata?.name ?? '';

  const cancelled = await t.v1('POST', `run/executions/${name}:cancel`, {});
  await t.cloud.idle();
  const done = await t.v1('GET', `run/executions/${name}`);
  const deleted = await t.v1('DELETE', `run/executions/${name}`);

  expect(cancelled.status).toBe(200);
  expect(done.body.status).toMatchObject({
    cancelledCount: 1,
    conditions: [{ type: 'Completed', status: 'False', reason: 'Cancelled' }, {}, {}, {}],
  });
  expect(deleted.body).toMatchObject({ status: 'Success', details: { kind: 'execution', name } });
  expect((await t.v1('GET', 'run/executions')).body.items).toBeUndefined();
});

test('a stale resource version of a job is refused', async () => {
  await using t = await testV1();
  const created = await t.v1('POST', 'run/jobs', knativeJob('migrate'));
  const { body } = await t.call('GET', 'jobs/migrate');
  await t.write('PATCH', 'jobs/migrate', { ...body, labels: { a: 'b' } });

  const refused = await t.v1('PUT', 'run/jobs/migrate', created.body);

  expect(refused).toMatchObject({ status: 409, body: { error: { status: 'ABORTED' } } });
});

test('a job is replaced, keeps what v1 cannot say, and is deleted with its executions', async () => {
  await using t = await testV1();
  await t.v1('POST', 'run/jobs', knativeJob('migrate'));
  const read = await t.v1('GET', 'run/jobs/migrate');
  const path = ['spec', 'template', 'spec', 'taskCount'];

  const replaced = await t.v1('PUT', 'run/jobs/migrate', put(read.body, path, 3));
  await t.v1('POST', 'run/jobs/migrate:run', {});
  await t.cloud.idle();
  const deleted = await t.v1('DELETE', 'run/jobs/migrate');

  expect(at(replaced.body, path)).toBe(3);
  expect(replaced.body.metadata?.generation).toBe(2);
  expect(messageOf(deleted.body['details'])['kind']).toBe('job');
  expect((await t.v1('GET', 'run/jobs')).body.items).toBeUndefined();
  expect((await t.v1('GET', 'run/executions')).body.items).toBeUndefined();
});

test.each([
  ['GET', 'run/jobs/nope', "Resource 'nope' of kind 'JOB' in region 'r' in project 'p' does not exist."],
  ['POST', 'run/jobs/nope:run', "Resource 'nope' of kind 'JOB' in region 'r' in project 'p' does not exist."],
  [
    'GET',
    'run/executions/nope',
    "Resource 'nope' of kind 'EXECUTION' in region 'r' in project 'p' does not exist.",
  ],
  [
    'POST',
    'run/executions/nope:cancel',
    "Resource 'nope' of kind 'EXECUTION' in region 'r' in project 'p' does not exist.",
  ],
  [
    'GET',
    'run/tasks/nope-task0',
    "Resource 'nope-task0' of kind 'TASK' in region 'r' in project 'p' does not exist.",
  ],
])('%s %s is not there', async (method, path, message) => {
  await using t = await testV1();

  const refused = await t.v1(method, path, method === 'POST' ? {} : undefined);

  expect(refused).toMatchObject({
    status: 404,
    body: { error: { code: 404, status: 'NOT_FOUND', message } },
  });
});

async function tasksOf(t: Awaited<ReturnType<typeof testV1>>, selector: string) {
  return (await t.v1('GET', `run/tasks?labelSelector=${encodeURIComponent(selector)}`)).body;
}
