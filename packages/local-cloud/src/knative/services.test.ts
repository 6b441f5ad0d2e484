import { expect, test } from '@jest/globals';

import { serviceBody } from '../test-client.ts';
import { at, type Message, messageOf, put } from './mapping.ts';
import { knativeService, testV1 } from './test-v1.ts';

test('a service that v1 made is one service to v2, and reads in v1 as the real API writes it', async () => {
  await using t = await testV1();

  const created = await t.v1('POST', 'serving/services', knativeService('web'));
  await t.cloud.idle();
  const read = await t.v1('GET', 'serving/services/web');
  const v2 = await t.call('GET', 'services/web');

  expect(created).toMatchObject({
    status: 200,
    body: { status: { conditions: [{ type: 'Ready', status: 'Unknown' }, {}, {}] } },
  });
  expect(read.body).toMatchObject({
    apiVersion: 'serving.knative.dev/v1',
    kind: 'Service',
    metadata: {
      name: 'web',
      namespace: expect.stringMatching(/^\d{12}$/),
      selfLink: expect.stringMatching(
        /^\/apis\/serving\.knative\.dev\/v1\/namespaces\/\d{12}\/services\/web$/,
      ),
      uid: v2.body.uid,
      generation: 1,
      labels: { 'cloud.googleapis.com/location': 'r' },
      annotations: {
        'run.googleapis.com/ingress': 'all',
        'run.googleapis.com/ingress-status': 'all',
        'run.googleapis.com/operation-id': expect.stringMatching(/^[0-9a-f-]{36}$/),
        'run.googleapis.com/urls': JSON.stringify([v2.body.uri]),
        'serving.knative.dev/creator': 'user@example.com',
      },
    },
    spec: {
      template: { spec: { containerConcurrency: 80, timeoutSeconds: 300 } },
      traffic: [{ latestRevision: true, percent: 100 }],
    },
    status: {
      observedGeneration: 1,
      conditions: [
        { type: 'Ready', status: 'True' },
        { type: 'ConfigurationsReady', status: 'True' },
        { type: 'RoutesReady', status: 'True' },
      ],
      latestCreatedRevisionName: expect.stringMatching(/^web-00001-/),
      latestReadyRevisionName: expect.stringMatching(/^web-00001-/),
      traffic: [{ latestRevision: true, percent: 100, revisionName: expect.stringMatching(/^web-00001-/) }],
      url: v2.body.uri,
      address: { url: v2.body.uri },
    },
  });
});

// Behaviour 4 of the reference, §3.11: one clock for v1 and v2.
test('a v1 write that read before a v2 write is refused with both versions and changes nothing', async () => {
  await using t = await testV1();
  await t.write('POST', 'services?serviceId=web', serviceBody());
  const read = await t.v1('GET', 'serving/services/web');
  await t.write('PATCH', 'services/web?updateMask=labels', { labels: { moved: 'yes' } });
  const before = await t.call('GET', 'services/web');

  const refused = await t.v1('PUT', 'serving/services/web', read.body);

  expect(refused).toMatchObject({
    status: 409,
    body: {
      error: {
        status: 'ABORTED',
        message: expect.stringMatching(
          /^Conflict for resource 'web': version '\d{16}' was specified but current version is '\d{16}'\.$/,
        ),
      },
    },
  });
  expect(await t.call('GET', 'services/web')).toEqual(before);
});

test('a v2 write that read before a v1 write is refused in the same words', async () => {
  await using t = await testV1();
  await t.v1('POST', 'serving/services', knativeService('web'));
  await t.cloud.idle();
  const { body } = await t.call('GET', 'services/web');
  await t.v1('PUT', 'serving/services/web', knativeService('web', 'localhost:5000/web:2'));
  await t.cloud.idle();

  const refused = await t.call('PATCH', 'services/web?updateMask=labels', { etag: body.etag, labels: {} });

  expect(refused).toMatchObject({
    status: 409,
    body: { error: { message: expect.stringMatching(/^Conflict for resource 'web': version '\d{16}'/) } },
  });
});

test('a v1 write without a resource version is the last and wins', async () => {
  await using t = await testV1();
  await t.write('POST', 'services?serviceId=web', serviceBody({ labels: { a: 'b' } }));

  const replaced = await t.v1('PUT', 'serving/services/web', knativeService('web', 'localhost:5000/web:2'));

  expect(replaced.status).toBe(200);
  expect((await t.call('GET', 'services/web')).body).toMatchObject({
    template: { containers: [{ image: 'localhost:5000/web:2' }] },
  });
});

test('writing back what was read makes no revision and loses nothing that v1 has no words for', async () => {
  await using t = await testV1();
  const containers = [
    { name: 'web', image: 'localhost:5000/web', ports: [{ containerPort: 8080 }] },
    { name: 'side', image: 'localhost:5000/side', resources: { cpuIdle: false, startupCpuBoost: true } },
  ];
  await t.write('POST', 'services?serviceId=web', { template: { containers } });
  const before = await t.call('GET', 'services/web');
  const read = await t.v1('GET', 'serving/services/web');

  await t.v1('PUT', 'serving/services/web', read.body);
  await t.cloud.idle();

  const after = await t.call('GET', 'services/web');
  expect(after.body.template).toEqual(before.body.template);
  expect(after.body.latestCreatedRevision).toBe(before.body.latestCreatedRevision);
  expect(after.body.generation).toBe('2');
});

test('a dry run answers what would be and does not do it', async () => {
  await using t = await testV1();

  const dry = await t.v1('POST', 'serving/services?dryRun=all', knativeService('web'));

  expect(dry).toMatchObject({ status: 200, body: { kind: 'Service', metadata: { name: 'web' } } });
  expect((await t.v1('GET', 'serving/services/web')).status).toBe(404);
});

test('a tag and a share of traffic are written over v1 and answered with the address of the tag', async () => {
  await using t = await testV1();
  await t.v1('POST', 'serving/services', named('web', 'web-one', 'localhost:5000/web'));
  await t.cloud.idle();
  const staged = put(
    named('web', 'web-two', 'localhost:5000/web:2'),
    ['spec', 'traffic'],
    [
      { revisionName: 'web-one', percent: 100 },
      { revisionName: 'web-two', tag: 'canary' },
    ],
  );

  await t.v1('PUT', 'serving/services/web', staged);
  await t.cloud.idle();

  const { body } = await t.v1('GET', 'serving/services/web');
  expect(messageOf(body.status)['traffic']).toEqual([
    { revisionName: 'web-one', percent: 100 },
    { revisionName: 'web-two', tag: 'canary', url: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/) },
  ]);
});

test('a traffic change after a failed deployment succeeds and leaves the failed revision alone', async () => {
  await using t = await testV1();
  await t.v1('POST', 'serving/services', named('web', 'web-one', 'localhost:5000/web'));
  await t.cloud.idle();
  t.cloud.addFaults({ match: {}, effect: 'start-fails' });
  await t.v1('PUT', 'serving/services/web', named('web', 'web-two', 'localhost:5000/web:2'));
  await t.cloud.idle();
  const failed = await t.v1('GET', 'serving/services/web');

  const traffic = [{ revisionName: 'web-one', percent: 100 }];
  await t.v1('PUT', 'serving/services/web', put(failed.body, ['spec', 'traffic'], traffic));
  await t.cloud.idle();

  const { body } = await t.v1('GET', 'serving/services/web');
  expect(messageOf(failed.body.status)['conditions']).toMatchObject([
    { type: 'Ready', status: 'False', reason: 'HealthCheckContainerError' },
    { type: 'ConfigurationsReady', status: 'False' },
    { type: 'RoutesReady', status: 'True' },
  ]);
  expect(messageOf(body.status)['traffic']).toEqual(traffic);
});

test('a revision name that stands for another configuration is refused', async () => {
  await using t = await testV1();
  await t.v1('POST', 'serving/services', named('web', 'web-one', 'localhost:5000/web'));

  const refused = await t.v1('PUT', 'serving/services/web', named('web', 'web-one', 'localhost:5000/web:2'));

  expect(refused).toMatchObject({
    status: 409,
    body: {
      error: {
        status: 'ALREADY_EXISTS',
        message: "Revision named 'web-one' with different configuration already exists.",
      },
    },
  });
});

test.each<[problem: string, path: readonly string[], value: unknown, field: string]>([
  [
    'a bad image',
    ['spec', 'template', 'spec', 'containers'],
    [{ image: 'a b' }],
    'spec.template.spec.containers[0].image',
  ],
  [
    'a long timeout',
    ['spec', 'template', 'spec', 'timeoutSeconds'],
    7200,
    'spec.template.spec.timeoutSeconds',
  ],
  ['traffic that sums to 90', ['spec', 'traffic'], [{ latestRevision: true, percent: 90 }], 'spec.traffic'],
  [
    'an unknown annotation',
    ['metadata', 'annotations'],
    { 'run.googleapis.com/what': 'x' },
    'metadata.annotations[run.googleapis.com/what]',
  ],
  ['another namespace', ['metadata', 'namespace'], 'q', 'metadata.namespace'],
  ['a bad name', ['metadata', 'name'], 'Web', 'metadata.name'],
])('%s is refused with the field as v1 names it', async (_, path, value, field) => {
  await using t = await testV1();

  const refused = await t.v1('POST', 'serving/services', put(knativeService('web'), path, value));

  expect(refused).toMatchObject({
    status: 400,
    body: {
      error: {
        status: 'INVALID_ARGUMENT',
        details: [{ fieldViolations: [{ field }] }],
      },
    },
  });
  expect((await t.v1('GET', 'serving/services')).body.items).toBeUndefined();
});

test.each<[problem: string, body: unknown]>([
  ['an unknown field', { ...knativeService('web'), specs: {} }],
  ['a number for a text', put(knativeService('web'), ['metadata', 'name'], 3)],
  ['a text for a list', put(knativeService('web'), ['spec', 'traffic'], 'all')],
  ['a label that is no text', put(knativeService('web'), ['metadata', 'labels'], { a: 1 })],
  ['a list', []],
  ['a field of an object that every object has', { ...knativeService('web'), constructor: {} }],
  [
    'minScale that is no number',
    put(knativeService('web'), ['metadata', 'annotations'], { 'run.googleapis.com/minScale': 'x' }),
  ],
  [
    'audiences that are no JSON',
    put(knativeService('web'), ['metadata', 'annotations'], { 'run.googleapis.com/custom-audiences': '[' }),
  ],
])('%s is refused', async (_, body) => {
  await using t = await testV1();

  const refused = await t.v1('POST', 'serving/services', body);

  expect(refused).toMatchObject({ status: 400, body: { error: { status: 'INVALID_ARGUMENT' } } });
});

test('a list is filtered by labels and comes in pages', async () => {
  await using t = await testV1();
  await t.v1('POST', 'serving/services', put(knativeService('a'), ['metadata', 'labels'], { team: 'x' }));
  await t.v1('POST', 'serving/services', put(knativeService('b'), ['metadata', 'labels'], { team: 'y' }));
  await t.v1('POST', 'serving/services', put(knativeService('c'), ['metadata', 'labels'], { team: 'x' }));

  const filtered = await t.v1('GET', 'serving/services?labelSelector=team%3Dx');
  const first = await t.v1('GET', 'serving/services?limit=2');
  const rest = await t.v1('GET', `serving/services?limit=2&continue=${first.body.metadata?.continue ?? ''}`);
  const everywhere = await t.at('GET', '/v1/projects/p/locations/-/services');

  expect(namesOf(filtered.body)).toEqual(['c', 'a']);
  expect([namesOf(first.body), namesOf(rest.body)]).toEqual([['c', 'b'], ['a']]);
  expect(everywhere.body).toMatchObject({ kind: 'ServiceList', metadata: {} });
  expect(namesOf(everywhere.body)).toEqual(['c', 'b', 'a']);
});

test.each<[selector: string, names: readonly string[]]>([
  ['team=x', ['a']],
  ['team==x', ['a']],
  ['team != x', ['c', 'b']],
  ['team in (x, y)', ['b', 'a']],
  ['team notin (x)', ['c', 'b']],
  ['team', ['b', 'a']],
  ['!team', ['c']],
  ['team in (x,y),team!=x', ['b']],
])('the label selector %s lets %j through', async (selector, names) => {
  await using t = await testV1();
  await t.v1('POST', 'serving/services', put(knativeService('a'), ['metadata', 'labels'], { team: 'x' }));
  await t.v1('POST', 'serving/services', put(knativeService('b'), ['metadata', 'labels'], { team: 'y' }));
  await t.v1('POST', 'serving/services', knativeService('c'));

  const { body } = await t.v1('GET', `serving/services?labelSelector=${encodeURIComponent(selector)}`);

  expect(namesOf(body)).toEqual(names);
});

test('revisions are listed by the label of their service and deleted unless they serve', async () => {
  await using t = await testV1();
  await t.v1('POST', 'serving/services', named('web', 'web-one', 'localhost:5000/web'));
  await t.v1('POST', 'serving/services', knativeService('other'));
  await t.cloud.idle();
  await t.v1('PUT', 'serving/services/web', named('web', 'web-two', 'localhost:5000/web:2'));
  await t.cloud.idle();
  const selector = encodeURIComponent('serving.knative.dev/service = web');

  const listed = await t.v1('GET', `serving/revisions?labelSelector=${selector}`);
  const kept = await t.v1('DELETE', 'serving/revisions/web-two');
  const deleted = await t.v1('DELETE', 'serving/revisions/web-one');

  expect(namesOf(listed.body)).toEqual(['web-two', 'web-one']);
  expect(listed.body.items?.[0]).toMatchObject({
    kind: 'Revision',
    metadata: {
      labels: {
        'serving.knative.dev/configuration': 'web',
        'serving.knative.dev/configurationGeneration': '2',
      },
      ownerReferences: [{ name: 'web' }],
    },
    status: {
      conditions: expect.arrayContaining([
        expect.objectContaining({ type: 'Active', status: 'True', severity: 'Info' }),
      ]),
    },
  });
  expect(kept.body.error).toMatchObject({ status: 'FAILED_PRECONDITION' });
  expect(deleted.body).toMatchObject({ status: 'Success', details: { kind: 'revision', name: 'web-one' } });
  expect((await t.v1('GET', 'serving/revisions/web-one')).body.error?.message).toBe(
    "Resource 'web-one' of kind 'REVISION' in region 'r' in project 'p' does not exist.",
  );
});

test('a deleted service is answered with success and is gone from both versions', async () => {
  await using t = await testV1();
  await t.v1('POST', 'serving/services', knativeService('web'));
  await t.cloud.idle();

  const deleted = await t.v1('DELETE', 'serving/services/web');

  expect(deleted).toMatchObject({
    status: 200,
    body: { status: 'Success', details: { group: 'v1', kind: 'service', name: 'web' } },
  });
  expect((await t.v1('GET', 'serving/services/web')).body.error?.message).toBe(
    "Resource 'web' of kind 'SERVICE' in region 'r' in project 'p' does not exist.",
  );
  expect((await t.call('GET', 'services/web')).status).toBe(404);
});

test('the operation that a service names is waited for in v1 and answers the service as v1 says it', async () => {
  await using t = await testV1();
  const created = await t.v1('POST', 'serving/services', knativeService('web'));
  const id = created.body.metadata?.annotations?.['run.googleapis.com/operation-id'] ?? '';

  const done = await t.at('POST', `/v1/projects/p/locations/r/operations/${id}:wait`, { timeout: '30s' });

  expect(done.body).toMatchObject({
    done: true,
    response: {
      '@type': 'type.googleapis.com/google.cloud.run.v1.Service',
      kind: 'Service',
      status: { conditions: [{ type: 'Ready', status: 'True' }, {}, {}] },
    },
  });
  expect(at(done.body, ['response', 'metadata', 'annotations', 'run.googleapis.com/operation-id'])).toBe(id);
});

test('a project is known by its number as well', async () => {
  await using t = await testV1();
  const created = await t.v1('POST', 'serving/services', knativeService('web'));
  const number = String(messageOf(created.body.metadata)['namespace']);

  const read = await t.at('GET', `/apis/serving.knative.dev/v1/namespaces/${number}/services/web`);

  expect(read.status).toBe(200);
});

test('configurations and routes are views of the services', async () => {
  await using t = await testV1();
  await t.v1('POST', 'serving/services', knativeService('web'));
  await t.cloud.idle();

  const configuration = await t.v1('GET', 'serving/configurations/web');
  const routes = await t.v1('GET', 'serving/routes');

  expect(configuration.body).toMatchObject({
    kind: 'Configuration',
    status: { conditions: [{ type: 'Ready', status: 'True' }] },
  });
  expect(routes.body.items).toMatchObject([{ kind: 'Route', spec: { traffic: [{ percent: 100 }] } }]);
});

function named(service: string, revision: string, image: string): Message {
  return put(knativeService(service, image), ['spec', 'template', 'metadata'], { name: revision });
}

function namesOf({
  items = [],
}: {
  readonly items?: readonly { readonly metadata?: { readonly name?: string } }[];
}) {
  return items.map(({ metadata }) => metadata?.name);
}

test('a service that failed has observed the generation that failed, as Terraform waits for that', async () => {
  await using t = await testV1();
  await t.v1('POST', 'serving/services', knativeService('web'));
  await t.cloud.idle();
  t.cloud.addFaults({ match: {}, effect: 'start-fails' });

  await t.v1('PUT', 'serving/services/web', knativeService('web', 'localhost:5000/web:2'));
  await t.cloud.idle();
  const { body } = await t.v1('GET', 'serving/services/web');

  expect(body).toMatchObject({
    metadata: { generation: 2 },
    status: { observedGeneration: 2, conditions: [{ type: 'Ready', status: 'False' }, {}, {}] },
  });
});
