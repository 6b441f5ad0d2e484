import { expect, test } from '@jest/globals';

import { RPC_METHODS } from '../http/proto-methods.ts';
import { testCloud } from '../test-client.ts';
import { METHODS } from './methods.ts';

test('every RPC of the protos is in the table', () => {
  const missing = RPC_METHODS.filter(({ rpc }) => METHODS[rpc] === undefined);

  expect(missing).toEqual([]);
  expect(Object.keys(METHODS)).toHaveLength(RPC_METHODS.length);
});

test.each([
  ['GET', 'instances/one', 'Instances.GetInstance'],
  ['POST', 'instances', 'Instances.CreateInstance'],
  ['POST', 'builds:submit', 'Builds.SubmitBuild'],
])('%s %s is refused by its name, as it is not implemented', async (method, path, name) => {
  await using t = await testCloud();

  const refused = await t.call(method, path, method === 'GET' ? undefined : {});

  expect(refused).toMatchObject({
    status: 501,
    body: {
      error: {
        status: 'UNIMPLEMENTED',
        message: `Method google.cloud.run.v2.${name} is not implemented by the local cloud.`,
      },
    },
  });
});

test('the log of calls names each RPC and the permission that it needs', async () => {
  await using t = await testCloud();

  await t.call('POST', 'jobs?jobId=tidy', { template: { template: { containers: [{ image: 'a/b' }] } } });
  await t.call('POST', 'jobs/tidy:run', {});
  await t.call('POST', 'jobs/tidy:run', { overrides: { taskCount: 2 } });
  await t.call('POST', 'jobs/tidy:testIamPermissions', {});
  await t.call('PATCH', 'services/web', {});
  await t.call('GET', 'operations');
  await t.call('DELETE', 'workerPools/mill');

  expect(t.cloud.calls().map(({ rpc, permission }) => [rpc?.split('.').at(-1), permission])).toEqual([
    ['CreateJob', 'run.jobs.create'],
    ['RunJob', 'run.jobs.run'],
    ['RunJob', 'run.jobs.runWithOverrides'],
    ['TestIamPermissions', undefined],
    ['UpdateService', 'run.services.update'],
    ['ListOperations', 'run.operations.list'],
    ['DeleteWorkerPool', 'run.workerpools.delete'],
  ]);
});

test.each([
  [
    'a parameter that no field is named by',
    'GET',
    'services?colour=red',
    /Unknown name "colour": Cannot bind query/,
  ],
  [
    'a parameter that is a message',
    'GET',
    'services/web:getIamPolicy?options=1',
    /'options' is a message type/,
  ],
  [
    'a parameter of the field that is the body',
    'POST',
    'services?service.description=x',
    /Cannot bind query parameter/,
  ],
  [
    'a page size that is no number',
    'GET',
    'services?pageSize=many',
    /Invalid value at 'page_size' \(TYPE_INT32\), "many"/,
  ],
  [
    'a flag that is neither true nor false',
    'DELETE',
    'services/web?validateOnly=yes',
    /Invalid value at 'validate_only' \(TYPE_BOOL\), "yes"/,
  ],
  [
    'a parameter that another version of the API has',
    'PATCH',
    'jobs/tidy?updateMask=labels',
    /Unknown name "updateMask"/,
  ],
])('%s is refused', async (_, method, path, message) => {
  await using t = await testCloud();

  const refused = await t.call(method, path, method === 'GET' ? undefined : {});

  expect(refused.body.error).toMatchObject({ code: 400, status: 'INVALID_ARGUMENT' });
  expect(refused.body.error?.message).toMatch(message);
});

test('everything that a body has and its proto does not is told at once, with its place', async () => {
  await using t = await testCloud();

  const refused = await t.call('POST', 'services?serviceId=web', {
    colour: 'red',
    template: { containers: [{ image: 'a/b', size: 1 }], labels: { a: 1 } },
  });

  expect(refused.body.error).toEqual({
    code: 400,
    status: 'INVALID_ARGUMENT',
    message: [
      `Invalid JSON payload received. Unknown name "colour" at 'service': Cannot find field.`,
      `Invalid JSON payload received. Unknown name "size" at 'service.template.containers[0]': Cannot find field.`,
      `Invalid value at 'service.template.labels[0].value' (TYPE_STRING), 1`,
    ].join('\n'),
    details: [
      {
        '@type': 'type.googleapis.com/google.rpc.BadRequest',
        fieldViolations: [
          expect.objectContaining({ field: 'service' }),
          expect.objectContaining({ field: 'service.template.containers[0]' }),
          expect.objectContaining({ field: 'service.template.labels[0].value' }),
        ],
      },
    ],
  });
});

test.each(['services', 'jobs', 'workerPools'])(
  '%s are listed by region, deleted ones are gone',
  async (collection) => {
    await using t = await testCloud();

    const everywhere = await fetch(`${t.cloud.url}/v2/projects/p/locations/-/${collection}`);
    const deleted = await t.call('GET', `${collection}?showDeleted=true`);

    expect(everywhere.status).toBe(400);
    expect(await everywhere.json()).toMatchObject({
      error: { message: expect.stringMatching(/Violation in List\w+Request\.parent: .* wildcard '-'/) },
    });
    expect(deleted).toMatchObject({ status: 200, body: {} });
  },
);

test('operations are listed by whether they are done', async () => {
  await using t = await testCloud();
  t.cloud.addFaults({ match: {}, effect: 'task-hangs' });
  await t.write('POST', 'jobs?jobId=tidy', { template: { template: { containers: [{ image: 'a/b' }] } } });
  const running = await t.call('POST', 'jobs/tidy:run', {});

  const done = await t.call('GET', 'operations?filter=done:true');
  const underWay = await t.call('GET', 'operations?filter=done:false');
  const other = await t.call('GET', 'operations?filter=colour:red');

  expect(done.body.operations).toHaveLength(1);
  expect(underWay.body.operations).toMatchObject([{ name: running.body.name }]);
  expect(other.status).toBe(400);
});

test.each([['[]'], ['"text"'], ['7'], ['null']])('the body %s is no message', async (text) => {
  await using t = await testCloud();

  const refused = await t.call('POST', 'services?serviceId=web', JSON.parse(text));

  expect(refused.body.error?.message).toBe(
    'Invalid JSON payload received. Unknown name "": Root element must be a message.',
  );
});
