import { describe, expect, test } from '@jest/globals';

import type { Container } from './control/resources.ts';
import { freePorts } from './data/containers/free-port.ts';
import { testRegistry } from './data/test-registry.ts';
import { callApi } from './test-api.ts';
import { serviceBody, type TestCloud, testCloud } from './test-client.ts';

/** What containers have written, as soon as there is so much of it. */
async function written({ cloud }: TestCloud, count: number): Promise<readonly object[]> {
  for (;;) {
    const { body } = await callApi(cloud, {
      method: 'POST',
      path: '/v2/entries:list',
      body: { resourceNames: ['projects/p'], filter: 'logName:"stdout"' },
      answers: 'google.logging.v2.ListLogEntriesResponse',
    });
    const entries = (body['entries'] ?? []) as readonly object[];
    if (entries.length >= count) return entries;
  }
}

const image = 'localhost:5000/web';
const web: Container = { name: 'web', image, ports: [{ containerPort: 8080 }] };
const probe = { tcpSocket: { port: 9090 } };

describe('a template is refused', () => {
  const template = 'CreateServiceRequest.service.template';

  test.each<[string, readonly Container[], string]>([
    [
      'with two ports',
      [web, { ...web, name: 'other' }],
      `${template}.containers: Revision template should contain exactly one container with an exposed port.`,
    ],
    [
      'whose probe asks at a port that there cannot be',
      [{ ...web, startupProbe: { httpGet: { port: 70_000 } } }],
      `${template}.containers[0].startup_probe.http_get.port: must be between 0 and 65535, got 70000.`,
    ],
    [
      'whose probe waits longer than its period',
      [{ ...web, livenessProbe: { ...probe, timeoutSeconds: 11 } }],
      `${template}.containers[0].liveness_probe.timeout_seconds: must be less than or equal to period_seconds, got 11 with a period of 10.`,
    ],
    [
      'whose probe has a negative period',
      [{ ...web, livenessProbe: { ...probe, periodSeconds: -1 } }],
      `${template}.containers[0].liveness_probe.period_seconds: must be between 0 and 3600, got -1.`,
    ],
    [
      'with several containers and no port',
      [
        { name: 'a', image },
        { name: 'b', image },
      ],
      `${template}.containers: Revision template should contain exactly one container with an exposed port.`,
    ],
    [
      'with one name twice',
      [web, { name: 'web', image }],
      `${template}.containers[1].name: container name 'web' is used more than once.`,
    ],
    [
      'with a dependency that is not there',
      [{ ...web, dependsOn: ['proxy'] }],
      `${template}.containers[0].depends_on: Dependent container 'proxy' does not exist.`,
    ],
    [
      'with a dependency that nobody can tell the start of',
      [
        { ...web, dependsOn: ['proxy'] },
        { name: 'proxy', image },
      ],
      `${template}.containers[0].depends_on: Dependent container 'proxy' must have startup probe specified`,
    ],
    [
      'with containers that wait for each other',
      [
        { ...web, dependsOn: ['a'] },
        { name: 'a', image, startupProbe: probe, dependsOn: ['b'] },
        { name: 'b', image, startupProbe: probe, dependsOn: ['a'] },
      ],
      `${template}.containers[1].depends_on: container 'a' depends on itself.`,
    ],
  ])('%s', async (_name, containers, message) => {
    await using t = await testCloud();

    const refused = await t.write('POST', 'services?serviceId=web', { template: { containers } });

    expect([refused.status, refused.body.error?.message]).toEqual([400, `Violation in ${message}`]);
  });

  test('of a job with a cycle, too', async () => {
    await using t = await testCloud();

    const refused = await t.write('POST', 'jobs?jobId=batch', {
      template: {
        template: { containers: [{ name: 'a', image, startupProbe: probe, dependsOn: ['a'] }] },
      },
    });

    expect(refused.body.error?.message).toBe(
      "Violation in CreateJobRequest.job.template.template.containers[0].depends_on: container 'a' depends on itself.",
    );
  });
});

test('containers without names have those that Cloud Run gives, by their places', async () => {
  await using registry = await testRegistry();
  const real = await registry.add('web', {
    layers: [
      {
        'app/main.mjs': `
          import { createServer } from 'node:http';
          console.log(process.env.PORT === undefined ? 'beside' : 'listening');
          createServer((request, response) => response.end()).listen(Number(process.env.PORT ?? 0), '127.0.0.1');
        `,
      },
    ],
    config: { Entrypoint: ['/usr/local/bin/node', '/app/main.mjs'] },
  });
  await using t = await testCloud({ containers: 'process' });

  await t.write('POST', 'services?serviceId=web', {
    template: { containers: [{ image: real }, { image: real, ports: [{ containerPort: 8080 }] }] },
  });

  expect(await written(t, 2)).toEqual(
    expect.arrayContaining([
      expect.objectContaining({ textPayload: 'beside', labels: { container_name: 'web-1' } }),
      expect.objectContaining({ textPayload: 'listening', labels: { container_name: 'web-2' } }),
    ]),
  );
});

test('without real containers a service with several answers as one does', async () => {
  await using t = await testCloud();

  const { body } = await t.write(
    'POST',
    'services?serviceId=web',
    serviceBody({
      template: {
        containers: [
          { ...web, dependsOn: ['proxy'] },
          { name: 'proxy', image, startupProbe: probe },
        ],
      },
    }),
  );

  expect((await fetch(body.response?.uri ?? '')).status).toBe(200);
});

test('without real containers a job with several ends well, too', async () => {
  await using t = await testCloud();
  const containers = [
    { name: 'main', image, dependsOn: ['proxy'] },
    { name: 'proxy', image, startupProbe: probe },
  ];
  await t.write('POST', 'jobs?jobId=batch', { template: { template: { containers, maxRetries: 0 } } });

  const run = await t.write('POST', 'jobs/batch:run', {});

  expect(run.body.response).toMatchObject({ succeededCount: 1 });
});

describe('with real containers', () => {
  /** A container for requests asks the one beside it, which has a value of its own and a secret as a file. */
  const program = `
    import { createServer, get } from 'node:http';
    import { readFileSync } from 'node:fs';
    const { PORT, BESIDE, SECRET } = process.env;
    console.log('listening');
    if (PORT === undefined) {
      createServer((request, response) => response.end(readFileSync(SECRET))).listen(Number(BESIDE), '127.0.0.1');
    } else {
      createServer((request, response) => {
        get('http://127.0.0.1:' + BESIDE, (asked) => asked.pipe(response));
      }).listen(Number(PORT), '127.0.0.1');
    }
  `;

  test('requests reach what the container beside it knows, and each writes a log of its own name', async () => {
    await using registry = await testRegistry();
    const real = await registry.add('web', {
      layers: [{ 'app/main.mjs': program }],
      config: { Entrypoint: ['/usr/local/bin/node', '/app/main.mjs'] },
    });
    await using t = await testCloud({ containers: 'process', secrets: { db: 's3cret' } });
    const port = await freePorts().take();
    const env = [{ name: 'BESIDE', value: String(port) }];

    const { body } = await t.write('POST', 'services?serviceId=web', {
      template: {
        volumes: [{ name: 'secrets', secret: { secret: 'db', items: [{ path: 'password', version: '1' }] } }],
        containers: [
          { name: 'web', image: real, ports: [{ containerPort: 8080 }], env, dependsOn: ['proxy'] },
          {
            name: 'proxy',
            image: real,
            env: [...env, { name: 'SECRET', value: '/secrets/password' }],
            volumeMounts: [{ name: 'secrets', mountPath: '/secrets' }],
            startupProbe: { tcpSocket: { port } },
          },
        ],
      },
    });
    const answer = await (await fetch(body.response?.uri ?? '')).text();
    const lines = await written(t, 2);

    expect(answer).toBe('s3cret');
    expect(lines).toMatchObject([
      { labels: { container_name: 'proxy' } },
      { labels: { container_name: 'web' } },
    ]);
  });

  test('a secret that a container beside it needs and nobody has fails the revision', async () => {
    await using t = await testCloud({ containers: 'process' });

    const { body } = await t.write('POST', 'services?serviceId=web', {
      template: {
        containers: [
          web,
          {
            name: 'proxy',
            image,
            env: [{ name: 'KEY', valueSource: { secretKeyRef: { secret: 'none', version: 'latest' } } }],
          },
        ],
      },
    });

    expect(body.error?.message).toMatch(
      /spec\.template\.spec\.containers\[1\]\.env\[0\]\.value_from\.secret_key_ref\.name: Secret projects\/\d+\/secrets\/none\/versions\/latest was not found/,
    );
  });
});
