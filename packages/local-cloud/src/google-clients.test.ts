import { describe, expect, test } from '@jest/globals';

import { googleClients, type Surface } from './test-google-clients.ts';

const PARENT = 'projects/p/locations/r';
const WEB = `${PARENT}/services/web`;
const JOB = `${PARENT}/jobs/tidy`;
const template = (image = 'localhost:5000/web') => ({ containers: [{ image }] });
const LATEST = 'TRAFFIC_TARGET_ALLOCATION_TYPE_LATEST';

describe.each<[Surface]>([['gRPC'], ['REST']])("Google's own client over %s", (surface) => {
  test('creates a service and waits for its operation', async () => {
    await using t = await googleClients(surface);

    const [operation] = await t.services.createService({
      parent: PARENT,
      serviceId: 'web',
      service: { template: template(), labels: { team: 'blue' } },
    });
    const [service] = await operation.promise();

    expect(operation.metadata).toMatchObject({ name: WEB, reconciling: true });
    expect(plain(service)).toMatchObject({
      name: WEB,
      labels: { team: 'blue' },
      generation: '1',
      terminalCondition: { type: 'Ready', state: 'CONDITION_SUCCEEDED' },
      template: { timeout: { seconds: '300' }, maxInstanceRequestConcurrency: 80 },
      trafficStatuses: [{ type: LATEST, percent: 100 }],
    });
    expect(Math.abs(Number(service.createTime?.seconds) * 1000 - Date.now())).toBeLessThan(60_000);
  });

  test('lists services page by page, newest first', async () => {
    await using t = await googleClients(surface);
    const create = (serviceId: string) =>
      done(t.services.createService({ parent: PARENT, serviceId, service: { template: template() } }));
    await create('a');
    await create('b');
    await create('c');

    const [page, , response] = await t.services.listServices(
      { parent: PARENT, pageSize: 2 },
      { autoPaginate: false },
    );
    const [all] = await t.services.listServices({ parent: PARENT, pageSize: 2 });

    expect(page.map(({ name }) => name)).toEqual([`${PARENT}/services/c`, `${PARENT}/services/b`]);
    expect(response.nextPageToken).not.toBe('');
    expect(all.map(({ name }) => name)).toEqual(['c', 'b', 'a'].map((id) => `${PARENT}/services/${id}`));
  });

  test('updates under a mask and an etag, which makes a revision', async () => {
    await using t = await googleClients(surface);
    await done(
      t.services.createService({ parent: PARENT, serviceId: 'web', service: { template: template() } }),
    );
    const [{ etag = null }] = await t.services.getService({ name: WEB });

    const [updated] = await done(
      t.services.updateService({
        service: { name: WEB, etag, template: template('localhost:5000/web:2') },
        updateMask: { paths: ['template'] },
      }),
    );
    const [revisions] = await t.revisions.listRevisions({ parent: WEB });
    const [revision] = await t.revisions.getRevision({ name: updated.latestReadyRevision ?? null });

    expect(plain(updated)).toMatchObject({ generation: '2' });
    expect(revisions.map(({ name }) => name)).toContain(updated.latestCreatedRevision);
    expect(revision).toMatchObject({ service: 'web', containers: [{ image: 'localhost:5000/web:2' }] });
  });

  test('is refused a stale etag with ABORTED and both versions', async () => {
    await using t = await googleClients(surface);
    await done(
      t.services.createService({ parent: PARENT, serviceId: 'web', service: { template: template() } }),
    );
    const [{ etag = null }] = await t.services.getService({ name: WEB });
    const move = () =>
      t.services.updateService({
        service: { name: WEB, etag, labels: { moved: 'yes' } },
        updateMask: { paths: ['labels'] },
      });
    await done(move());

    await expect(move()).rejects.toMatchObject({
      code: 10,
      message: expect.stringMatching(
        /Conflict for resource 'web': version '\d{16}' was specified but current version is '\d{16}'\./,
      ),
    });
  });

  test('is told which field breaks a rule', async () => {
    await using t = await googleClients(surface);

    const refused = t.services.createService({
      parent: PARENT,
      serviceId: 'web',
      service: { template: template('not an image') },
    });

    await expect(refused).rejects.toMatchObject({
      code: 3,
      message: expect.stringContaining(
        'Violation in CreateServiceRequest.service.template.containers[0].image: must be a container image path',
      ),
      statusDetails: [
        { fieldViolations: [expect.objectContaining({ field: 'service.template.containers[0].image' })] },
      ],
    });
  });

  test('deletes a service, which is then not found', async () => {
    await using t = await googleClients(surface);
    await done(
      t.services.createService({ parent: PARENT, serviceId: 'web', service: { template: template() } }),
    );

    const [deleted] = await done(t.services.deleteService({ name: WEB }));

    expect(deleted.name).toBe(WEB);
    await expect(t.services.getService({ name: WEB })).rejects.toMatchObject({
      code: 5,
      message: expect.stringContaining(
        "Resource 'web' of kind 'SERVICE' in region 'r' in project 'p' does not exist.",
      ),
    });
  });

  test('runs a job with overrides and reads its execution and tasks', async () => {
    await using t = await googleClients(surface);
    await done(
      t.jobs.createJob({ parent: PARENT, jobId: 'tidy', job: { template: { template: template() } } }),
    );

    const [running] = await t.jobs.runJob({
      name: JOB,
      overrides: { taskCount: 2, timeout: { seconds: 60 } },
    });
    const [execution] = await running.promise();
    const [tasks] = await t.tasks.listTasks({ parent: execution.name ?? null });
    const [executions] = await t.executions.listExecutions({ parent: `${PARENT}/jobs/-` });

    expect(plain(execution)).toMatchObject({
      taskCount: 2,
      succeededCount: 2,
      template: { timeout: { seconds: '60' } },
    });
    expect(tasks.map(({ index }) => index)).toEqual([0, 1]);
    expect(executions.map(({ name }) => name)).toEqual([execution.name]);
  });

  test('cancels an execution, whose operations end without an error', async () => {
    await using t = await googleClients(surface);
    await done(
      t.jobs.createJob({ parent: PARENT, jobId: 'tidy', job: { template: { template: template() } } }),
    );
    t.cloud.addFaults({ match: { service: 'tidy' }, effect: 'task-hangs' });
    const [running] = await t.jobs.runJob({ name: JOB });

    const [cancelled] = await done(t.executions.cancelExecution({ name: running.metadata?.name ?? null }));
    const [execution] = await running.promise();

    expect([cancelled.cancelledCount, execution.cancelledCount]).toEqual([1, 1]);
  });

  test('keeps a worker pool, its revisions and its splits', async () => {
    await using t = await googleClients(surface);
    const name = `${PARENT}/workerPools/mill`;
    await done(
      t.workerPools.createWorkerPool({
        parent: PARENT,
        workerPoolId: 'mill',
        workerPool: { template: template() },
      }),
    );

    const [updated] = await done(
      t.workerPools.updateWorkerPool({
        workerPool: { name, scaling: { manualInstanceCount: 2 } },
        updateMask: { paths: ['scaling.manual_instance_count'] },
        forceNewRevision: true,
      }),
    );
    const [revisions] = await t.revisions.listRevisions({ parent: name });
    const [pools] = await t.workerPools.listWorkerPools({ parent: PARENT });
    await done(t.workerPools.deleteWorkerPool({ name }));

    expect(plain(updated)).toMatchObject({
      scaling: { manualInstanceCount: 2 },
      instanceSplitStatuses: [{ type: 'INSTANCE_SPLIT_ALLOCATION_TYPE_LATEST', percent: 100 }],
    });
    expect(revisions).toHaveLength(2);
    expect(pools.map((pool) => pool.name)).toEqual([name]);
    await expect(t.workerPools.getWorkerPool({ name })).rejects.toMatchObject({ code: 5 });
  });

  test('reads and writes who may call, and is refused a policy that another has changed', async () => {
    await using t = await googleClients(surface);
    await done(
      t.services.createService({ parent: PARENT, serviceId: 'web', service: { template: template() } }),
    );
    const bindings = [{ role: 'roles/run.invoker', members: ['allUsers'] }];
    const [{ etag = null }] = await t.services.getIamPolicy({ resource: WEB });

    await t.services.setIamPolicy({ resource: WEB, policy: { bindings, etag } });
    const [policy] = await t.services.getIamPolicy({ resource: WEB, options: { requestedPolicyVersion: 3 } });
    const [tested] = await t.services.testIamPermissions({
      resource: WEB,
      permissions: ['run.services.get'],
    });

    expect(policy.bindings).toMatchObject(bindings);
    expect(tested.permissions).toEqual(['run.services.get']);
    await expect(
      t.services.setIamPolicy({ resource: WEB, policy: { bindings, etag } }),
    ).rejects.toMatchObject({
      code: 10,
      message: expect.stringContaining('There were concurrent policy changes.'),
    });
  });

  test('is refused what the local cloud leaves out as UNIMPLEMENTED', async () => {
    await using t = await googleClients(surface);

    await expect(t.builds.submitBuild({ parent: PARENT })).rejects.toMatchObject({
      code: 12,
      message: expect.stringContaining('google.cloud.run.v2.Builds.SubmitBuild is not implemented'),
    });
  });

  test('is logged by the REST form of its calls, by RPC and by permission', async () => {
    await using t = await googleClients(surface);
    await t.services.createService({ parent: PARENT, serviceId: 'web', service: { template: template() } });

    await t.services.listServices({ parent: PARENT, pageSize: 5 }, { autoPaginate: false });

    expect(t.cloud.calls().map(({ path, ...call }) => ({ ...call, path: bare(path) }))).toMatchObject([
      {
        method: 'POST',
        path: `/v2/${PARENT}/services?serviceId=web`,
        rpc: 'google.cloud.run.v2.Services.CreateService',
        permission: 'run.services.create',
        status: 200,
        durationMs: expect.any(Number),
      },
      {
        method: 'GET',
        path: `/v2/${PARENT}/services?pageSize=5`,
        rpc: 'google.cloud.run.v2.Services.ListServices',
        permission: 'run.services.list',
        status: 200,
        durationMs: expect.any(Number),
      },
    ]);
  });

  test.each([
    ['its RPC', { rpc: 'Services\\.GetService$' }],
    ['its REST form', { method: 'GET', path: '/services/web$|/services/web[?]' }],
  ])('meets a fault that is matched by %s', async (_, match) => {
    await using t = await googleClients(surface);
    t.cloud.addFaults({ match, effect: 'status', status: 429, message: 'Quota exceeded.', retryAfter: 7 });

    await expect(t.services.getService({ name: WEB })).rejects.toMatchObject({
      code: 8,
      message: expect.stringContaining('Quota exceeded.'),
    });
    await expect(t.services.getService({ name: WEB })).rejects.toMatchObject({ code: 5 });
  });

  test('cannot tell whether a write was applied whose reply is dropped', async () => {
    await using t = await googleClients(surface);
    t.cloud.addFaults({ match: { rpc: 'CreateService$' }, effect: 'drop-reply' });

    const create = t.services.createService({
      parent: PARENT,
      serviceId: 'web',
      service: { template: template() },
    });

    await expect(create).rejects.toBeInstanceOf(Error);
    expect((await t.services.getService({ name: WEB }))[0].name).toBe(WEB);
  });

  test('applies nothing when the connection breaks before', async () => {
    await using t = await googleClients(surface);
    t.cloud.addFaults({ match: { rpc: 'CreateService$' }, effect: 'fail-before' });

    const create = t.services.createService({
      parent: PARENT,
      serviceId: 'web',
      service: { template: template() },
    });

    await expect(create).rejects.toBeInstanceOf(Error);
    await expect(t.services.getService({ name: WEB })).rejects.toMatchObject({ code: 5 });
  });
});

/** The path without the parameter by which the REST client asks for numbers. */
function bare(path: string): string {
  return path.replace(/([?&])\$alt=[^&]*&?/, '$1').replace(/[?&]$/, '');
}

/** The message as JSON: the clients give numbers of 64 bits and enums in different forms from one method to the next. */
function plain(message: object): unknown {
  return JSON.parse(JSON.stringify(message));
}

/** What an operation that was started comes to. */
async function done<T>(started: Promise<[{ promise: () => Promise<T> }, ...unknown[]]>): Promise<T> {
  const [operation] = await started;
  return operation.promise();
}
