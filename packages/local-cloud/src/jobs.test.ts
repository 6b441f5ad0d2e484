import { expect, test } from '@jest/globals';

import { testCloud } from './test-client.ts';

const template = { template: { containers: [{ name: 'main', image: 'localhost:5000/migrate' }] } };

test('a job retries three times and waits ten minutes unless it says otherwise', async () => {
  await using t = await testCloud();

  const created = await t.write('POST', 'jobs?jobId=migrate', { template });

  expect(created.body.response).toMatchObject({
    template: { taskCount: 1, template: { maxRetries: 3, timeout: '600s' } },
    terminalCondition: { state: 'CONDITION_SUCCEEDED' },
    latestCreatedExecution: {},
  });
});

test('a job that says no retries gets none, and its failure is the failure of the operation', async () => {
  await using t = await testCloud();
  t.cloud.addFaults({ match: {}, effect: 'task-fails', exitCode: 3, message: 'no such table', times: 9 });
  await t.write('POST', 'jobs?jobId=migrate', {
    template: { template: { ...template.template, maxRetries: 0 } },
  });

  const run = await t.write('POST', 'jobs/migrate:run', {});
  const [execution] = (await t.call('GET', 'jobs/migrate/executions')).body.executions ?? [];
  const short = execution?.name?.split('/').at(-1) ?? '';
  const tasks = await t.call('GET', `jobs/migrate/executions/${short}/tasks`);

  expect(run.body.error).toEqual({
    code: 9,
    message: `Execution ${short} has failed to complete, 0/1 tasks were a success.`,
  });
  expect(execution).toMatchObject({ taskCount: 1, failedCount: 1 });
  expect(execution?.conditions?.[0]).toMatchObject({
    type: 'Completed',
    state: 'CONDITION_FAILED',
    executionReason: 'NON_ZERO_EXIT_CODE',
    message: `Task ${short}-task0 failed with exit code: 3 and message: no such table`,
  });
  expect(tasks.body.tasks).toMatchObject([{ lastAttemptResult: { exitCode: 3 } }]);
});

test('a task that fails once is retried and counts as retried and succeeded', async () => {
  await using t = await testCloud();
  t.cloud.addFaults({ match: {}, effect: 'task-fails' });
  await t.write('POST', 'jobs?jobId=migrate', { template });

  const run = await t.write('POST', 'jobs/migrate:run', {});

  expect(run.body.response).toMatchObject({ succeededCount: 1, retriedCount: 1 });
});

test('a cancelled run is done with a response and without an error', async () => {
  await using t = await testCloud();
  t.cloud.addFaults({ match: {}, effect: 'task-hangs' });
  await t.write('POST', 'jobs?jobId=migrate', { template });
  const run = await t.call('POST', 'jobs/migrate:run', {});
  const execution = run.body.metadata?.name?.split('/').slice(4).join('/') ?? '';

  const cancelled = await t.write('POST', `${execution}:cancel`, {});
  const done = await t.call('POST', `${run.body.name?.split('/').slice(4).join('/') ?? ''}:wait`, {});

  expect(cancelled.body.done).toBe(true);
  expect(done.body.error).toBeUndefined();
  expect(done.body.response).toMatchObject({ cancelledCount: 1 });
  expect(done.body.response?.conditions?.[0]).toMatchObject({
    type: 'Completed',
    state: 'CONDITION_FAILED',
    executionReason: 'CANCELLED',
  });
  expect((await t.call('GET', 'jobs/migrate')).body.latestCreatedExecution).toMatchObject({
    completionStatus: 'EXECUTION_CANCELLED',
  });
});

test('a run execution token runs once, however often it is sent', async () => {
  await using t = await testCloud();
  const body = { template, runExecutionToken: 'v42' };

  const first = await t.write('PATCH', 'jobs/migrate?allowMissing=true', body);
  const second = await t.write('PATCH', 'jobs/migrate?allowMissing=true', body);
  const executions = await t.call('GET', 'jobs/migrate/executions');

  expect(executions.body.executions?.map(({ name }) => name?.split('/').at(-1))).toEqual(['migrate-v42']);
  expect([first, second].map(({ body: { response } }) => response?.latestCreatedExecution)).toMatchObject([
    { name: 'migrate-v42', completionStatus: 'EXECUTION_SUCCEEDED' },
    { name: 'migrate-v42', completionStatus: 'EXECUTION_SUCCEEDED' },
  ]);
});

test('a run execution token whose execution failed fails again and runs nothing', async () => {
  await using t = await testCloud();
  t.cloud.addFaults({ match: {}, effect: 'task-fails', times: 4 });
  const body = { template, runExecutionToken: 'v42' };

  const first = await t.write('POST', 'jobs?jobId=migrate', body);
  const second = await t.write('PATCH', 'jobs/migrate', body);

  expect(second.body.error).toEqual(first.body.error);
  expect((await t.call('GET', 'jobs/migrate')).body.terminalCondition?.state).toBe('CONDITION_FAILED');
});

test('a run overrides arguments, variables, tasks and timeout for itself alone', async () => {
  await using t = await testCloud();
  const env = [
    { name: 'A', value: 'job' },
    { name: 'B', value: 'job' },
  ];
  await t.write('POST', 'jobs?jobId=migrate', {
    template: { template: { containers: [{ ...template.template.containers[0], env, args: ['up'] }] } },
  });

  const run = await t.write('POST', 'jobs/migrate:run', {
    overrides: {
      taskCount: 2,
      timeout: '30s',
      containerOverrides: [{ args: ['down', '1'], env: [{ name: 'B', value: 'run' }] }],
    },
  });
  const job = await t.call('GET', 'jobs/migrate');

  expect(run.body.response).toMatchObject({
    taskCount: 2,
    succeededCount: 2,
    template: {
      timeout: '30s',
      containers: [{ args: ['down', '1'], env: [env[0], { name: 'B', value: 'run' }] }],
    },
  });
  expect(job.body.template).toMatchObject({ template: { containers: [{ args: ['up'], env }] } });
});

test.each([
  ['jobs/-/executions', 'executions', 2],
  ['jobs/migrate/executions/-/tasks', 'tasks', 1],
  ['jobs/-/executions/-/tasks', 'tasks', 2],
])('%s lists across what the wildcard stands for', async (path, field, count) => {
  await using t = await testCloud();
  await t.write('POST', 'jobs?jobId=migrate', { template });
  await t.write('POST', 'jobs?jobId=tidy', { template });
  await t.write('POST', 'jobs/migrate:run', {});
  await t.write('POST', 'jobs/tidy:run', {});

  const listed = await t.call('GET', path);

  expect(listed.body).toEqual({ [field]: Array.from({ length: count }, () => expect.anything()) });
});

test('a run that is only validated starts nothing, and its operation cannot be asked for (behaviour 13)', async () => {
  await using t = await testCloud();
  await t.write('POST', 'jobs?jobId=migrate', { template });

  const checked = await t.call('POST', 'jobs/migrate:run', { validateOnly: true });
  const polled = await t.call('GET', checked.body.name?.split('/').slice(4).join('/') ?? '');

  expect(checked.status).toBe(200);
  expect(polled.status).toBe(404);
  expect((await t.call('GET', 'jobs/migrate/executions')).body).toEqual({});
});

test('a job knows no update mask', async () => {
  await using t = await testCloud();
  await t.write('POST', 'jobs?jobId=migrate', { template });

  const refused = await t.call('PATCH', 'jobs/migrate?updateMask=labels', { template });

  expect(refused).toMatchObject({
    status: 400,
    body: { error: { message: expect.stringContaining('Unknown name "updateMask"') } },
  });
});

test('a stale etag runs nothing', async () => {
  await using t = await testCloud();
  const created = await t.write('POST', 'jobs?jobId=migrate', { template });
  await t.write('PATCH', 'jobs/migrate', { template, labels: { a: 'b' } });

  const refused = await t.call('POST', 'jobs/migrate:run', { etag: created.body.response?.etag });

  expect(refused.status).toBe(409);
  expect((await t.call('GET', 'jobs/migrate/executions')).body).toEqual({});
});

test('a job whose secret is not there says so', async () => {
  await using t = await testCloud();
  const env = [{ name: 'KEY', valueSource: { secretKeyRef: { secret: 'key', version: 'latest' } } }];
  const body = { template: { template: { containers: [{ image: 'localhost:5000/migrate', env }] } } };

  const missing = await t.write('POST', 'jobs?jobId=migrate', body);
  await fetch(`${t.cloud.url}/-/secrets/key`, { method: 'PUT', body: 'sesame' });
  const found = await t.write('PATCH', 'jobs/migrate', body);

  expect(missing.body.error?.message).toMatch(
    /Secret projects\/\d+\/secrets\/key\/versions\/latest was not found$/,
  );
  expect(found.body.error).toBeUndefined();
});
