import { once } from 'node:events';
import { connect } from 'node:net';

import { expect, test } from '@jest/globals';
import { Client, credentials, type Metadata } from '@grpc/grpc-js';

import { RPC_METHODS } from '../http/proto-methods.ts';
import { type LocalCloud, startLocalCloud } from '../local-cloud.ts';
import { grpcPath } from './grpc-call.ts';
import { decodeMessage, encodeMessage } from './proto-wire.ts';

const PARENT = 'projects/p/locations/r';
const RUN = 'google.cloud.run.v2';
const service = { template: { containers: [{ image: 'localhost:5000/web' }] } };

interface Bare extends AsyncDisposable {
  readonly cloud: LocalCloud;
  /** One call by hand: the reply as JSON. */
  readonly call: (rpc: string, request: object | Buffer) => Promise<object>;
}

async function bareClient(hostOf = (cloud: LocalCloud) => cloud.grpc): Promise<Bare> {
  const cloud = await startLocalCloud({ containers: 'none' });
  const client = new Client(hostOf(cloud), credentials.createInsecure());
  return {
    cloud,
    call: (rpc, request) => {
      const { requestType = '', replyType = '' } = RPC_METHODS.find((method) => method.rpc === rpc) ?? {};
      const bytes = Buffer.isBuffer(request) ? request : encodeMessage(requestType, request);
      return new Promise((resolve, reject) => {
        client.makeUnaryRequest(grpcPath(rpc), asItIs, asItIs, bytes, (error, reply) => {
          if (error === null) resolve(decodeMessage(replyType, reply ?? Buffer.alloc(0)));
          else reject(error);
        });
      });
    },
    [Symbol.asyncDispose]: async () => {
      client.close();
      await cloud.close();
    },
  };
}

test('WaitOperation answers when the operation is done', async () => {
  await using t = await bareClient();
  const started = await t.call(`${RUN}.Services.CreateService`, {
    parent: PARENT,
    serviceId: 'web',
    service,
  });

  const done = await t.call('google.longrunning.Operations.WaitOperation', {
    name: nameOf(started),
    timeout: '20s',
  });

  expect(done).toMatchObject({
    name: nameOf(started),
    done: true,
    response: { '@type': `type.googleapis.com/${RUN}.Service`, name: `${PARENT}/services/web` },
  });
});

test('WaitOperation answers an operation that is not done when its time is up (behaviour 12)', async () => {
  await using t = await bareClient();
  t.cloud.addFaults({ match: {}, effect: 'task-hangs' });
  await t.call(`${RUN}.Jobs.CreateJob`, { parent: PARENT, jobId: 'tidy', job: { template: service } });
  const running = await t.call(`${RUN}.Jobs.RunJob`, { name: `${PARENT}/jobs/tidy` });

  const waited = await t.call('google.longrunning.Operations.WaitOperation', {
    name: nameOf(running),
    timeout: '0.01s',
  });

  expect(waited).toEqual(running);
});

test('operations are listed and deleted, and not cancelled', async () => {
  await using t = await bareClient();
  const made = await t.call(`${RUN}.Jobs.CreateJob`, {
    parent: PARENT,
    jobId: 'tidy',
    job: { template: service },
  });
  const operations = 'google.longrunning.Operations';

  const listed = await t.call(`${operations}.ListOperations`, { name: PARENT });
  await t.call(`${operations}.DeleteOperation`, { name: nameOf(made) });

  expect(listed).toMatchObject({ operations: [{ name: nameOf(made) }] });
  expect(await t.call(`${operations}.ListOperations`, { name: PARENT })).toEqual({});
  await expect(t.call(`${operations}.CancelOperation`, { name: nameOf(made) })).rejects.toMatchObject({
    code: 12,
  });
});

test('the IAM mixin reads the policy that the service has', async () => {
  await using t = await bareClient();
  await t.call(`${RUN}.Services.CreateService`, { parent: PARENT, serviceId: 'web', service });
  const resource = `${PARENT}/services/web`;

  const set = await t.call(`${RUN}.Services.SetIamPolicy`, {
    resource,
    policy: { bindings: [{ role: 'roles/run.invoker', members: ['allUsers'] }] },
  });
  const got = await t.call('google.iam.v1.IAMPolicy.GetIamPolicy', { resource });

  expect(got).toEqual(set);
  expect(t.cloud.calls().at(-1)).toMatchObject({
    method: 'POST',
    path: '/google.iam.v1.IAMPolicy/GetIamPolicy',
    rpc: 'google.iam.v1.IAMPolicy.GetIamPolicy',
    permission: 'run.services.getIamPolicy',
    status: 200,
    durationMs: expect.any(Number),
  });
});

test('a refusal carries google.rpc details', async () => {
  await using t = await bareClient();

  const refused = await refusalOf(
    t.call(`${RUN}.Services.CreateService`, { parent: PARENT, serviceId: 'Web', service }),
  );

  expect(refused.status).toEqual({
    code: 3,
    message: refused.details,
    details: [
      {
        '@type': 'type.googleapis.com/google.rpc.BadRequest',
        fieldViolations: [
          { field: 'service_id', description: expect.stringContaining('must be lower-case') },
        ],
      },
    ],
  });
});

test('a rate limit says when to come back', async () => {
  await using t = await bareClient();
  t.cloud.addFaults({ match: { rpc: 'ListServices' }, effect: 'status', status: 429, retryAfter: 7 });

  const refused = await refusalOf(t.call(`${RUN}.Services.ListServices`, { parent: PARENT }));

  expect(refused.status).toMatchObject({
    code: 8,
    details: expect.arrayContaining([
      expect.objectContaining({
        '@type': 'type.googleapis.com/google.rpc.ErrorInfo',
        reason: 'RATE_LIMIT_EXCEEDED',
      }),
      { '@type': 'type.googleapis.com/google.rpc.RetryInfo', retryDelay: '7s' },
    ]),
  });
});

test('a caller without the permission is told which it lacks, and for what', async () => {
  await using t = await bareClient();
  t.cloud.addFaults({ match: { rpc: 'RunJob' }, effect: 'status', status: 403 });

  const refused = await refusalOf(t.call(`${RUN}.Jobs.RunJob`, { name: `${PARENT}/jobs/tidy` }));

  expect(refused.status).toMatchObject({
    code: 7,
    message: `Permission 'run.jobs.run' denied on resource '//run.googleapis.com/${PARENT}/jobs/tidy' (or resource may not exist).`,
    details: [{ reason: 'IAM_PERMISSION_DENIED', metadata: { permission: 'run.jobs.run' } }],
  });
});

test('an operation that hangs on command is never done', async () => {
  await using t = await bareClient();
  t.cloud.addFaults({ match: { rpc: 'CreateJob' }, effect: 'operation-hangs' });

  const hanging = await t.call(`${RUN}.Jobs.CreateJob`, {
    parent: PARENT,
    jobId: 'tidy',
    job: { template: service },
  });
  const job = await t.call(`${RUN}.Jobs.GetJob`, { name: `${PARENT}/jobs/tidy` });
  const polled = await t.call('google.longrunning.Operations.GetOperation', { name: nameOf(hanging) });

  expect(job).toMatchObject({ name: `${PARENT}/jobs/tidy` });
  expect(polled).toEqual(hanging);
});

test.each<[string, string, object | Buffer, RegExp]>([
  ['bytes that are no message', 'Services.GetService', Buffer.from('ffffff', 'hex'), /is not a serialized/],
  ['no name', 'Services.GetService', {}, /GetServiceRequest\.name: must be of the form projects\/\*/],
  ['a name of another kind', 'Jobs.GetJob', { name: `${PARENT}/services/web` }, /GetJobRequest\.name/],
  ['a name that climbs', 'Jobs.GetJob', { name: `${PARENT}/jobs/../services/web` }, /GetJobRequest\.name/],
  ['an update without a name', 'Services.UpdateService', { service }, /service\.name: must be of the form/],
  ['a create without a parent', 'Jobs.CreateJob', { jobId: 'tidy' }, /CreateJobRequest\.parent/],
  [
    'an enum that there is not',
    'Services.CreateService',
    // service { ingress: 99 } under a good parent
    Buffer.concat([
      encodeMessage(`${RUN}.GetServiceRequest`, { name: PARENT }),
      Buffer.from('12027863', 'hex'),
    ]),
    /Invalid value at 'service\.ingress' .*IngressTraffic\), 99/,
  ],
])('%s is refused as INVALID_ARGUMENT', async (_, rpc, request, message) => {
  await using t = await bareClient();

  await expect(t.call(`${RUN}.${rpc}`, request)).rejects.toMatchObject({
    code: 3,
    details: expect.stringMatching(message),
  });
});

test('gRPC is served at the port of REST too', async () => {
  await using t = await bareClient(({ url }) => new URL(url).host);
  await t.call(`${RUN}.Services.CreateService`, { parent: PARENT, serviceId: 'web', service });

  const overRest = await fetch(`${t.cloud.url}/v2/${PARENT}/services/web`);

  expect(await overRest.json()).toMatchObject({ name: `${PARENT}/services/web` });
});

test('a connection that says nothing does not keep the cloud from closing', async () => {
  await using t = await bareClient();
  const silent = connect(Number(new URL(t.cloud.url).port), '127.0.0.1');
  await once(silent, 'connect');

  const ended = once(silent, 'close');
  await t.cloud.close();

  expect(await ended).toBeDefined();
});

test('a request whose first letter comes alone is understood', async () => {
  await using t = await bareClient();
  const { host, port } = new URL(t.cloud.url);
  const slow = connect({ port: Number(port), host: '127.0.0.1', noDelay: true });
  const answered = once(slow, 'data');

  await new Promise((resolve) => slow.write('P', resolve));
  slow.write(`UT /-/secrets/key HTTP/1.1\r\nhost: ${host}\r\ncontent-length: 1\r\n\r\nx`);
  const [answer] = (await answered) as [Buffer];
  slow.destroy();

  expect(answer.toString()).toMatch(/^HTTP\/1\.1 200 OK/);
});

test('a method that no proto has is UNIMPLEMENTED', async () => {
  await using t = await bareClient();

  await expect(t.call(`${RUN}.Services.Explode`, Buffer.alloc(0))).rejects.toMatchObject({ code: 12 });
});

test('a closing cloud ends the calls that wait', async () => {
  const t = await bareClient();
  t.cloud.addFaults({ match: {}, effect: 'task-hangs' });
  await t.call(`${RUN}.Jobs.CreateJob`, { parent: PARENT, jobId: 'tidy', job: { template: service } });
  const running = await t.call(`${RUN}.Jobs.RunJob`, { name: `${PARENT}/jobs/tidy` });

  const waiting = t.call('google.longrunning.Operations.WaitOperation', { name: nameOf(running) });
  const [ended] = await Promise.allSettled([waiting, t.cloud.close()]);
  await t[Symbol.asyncDispose]();

  expect(['fulfilled', 'rejected']).toContain(ended.status);
});

function nameOf(message: object): string {
  return 'name' in message ? String(message.name) : '';
}

async function refusalOf(
  call: Promise<object>,
): Promise<{ readonly details: string; readonly status: object }> {
  const error = (await call.catch((thrown: unknown) => thrown)) as { details: string; metadata: Metadata };
  const [bytes] = error.metadata.get('grpc-status-details-bin');
  return { details: error.details, status: decodeMessage('google.rpc.Status', bytes as Buffer) };
}

function asItIs(bytes: Buffer): Buffer {
  return bytes;
}
