import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { recordingContext } from '@fairlead/action-kit';
import { type LocalCloud, startLocalCloud } from '@fairlead/local-cloud';
import { rollBack } from './roll-back.ts';

const PARENT = '/v2/projects/acme/locations/us-central1/services';

/** A person's call: `PATCH /agent?updateMask=traffic`. */
async function call(cloud: LocalCloud, line: string, body?: unknown): Promise<unknown> {
  const [method = '', path = ''] = line.split(' ');
  const response = await fetch(`${cloud.url}${PARENT}${path}`, {
    method,
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    headers: { 'content-type': 'application/json' },
  });
  await cloud.idle();
  if (!response.ok) throw new Error(await response.text());
  return response.json();
}

const at = (revision: string, percent: number) => ({
  type: 'TRAFFIC_TARGET_ALLOCATION_TYPE_REVISION',
  revision,
  percent,
});

/** Names of revisions with their image tags, oldest first; the last one has all traffic. */
async function deployed(cloud: LocalCloud, service: string, numbers: readonly string[]): Promise<void> {
  for (const [place, number] of numbers.entries()) {
    const revision = `${service}-${number}`;
    const env = [{ name: 'IMAGE_TAG', value: `main-${number}` }];
    const body = {
      template: { revision, containers: [{ image: `r/${service}:${number}`, env }] },
      traffic: [at(revision, 100)],
    };
    if (place === 0) await call(cloud, `POST ?serviceId=${service}`, body);
    else await call(cloud, `PATCH /${service}?updateMask=template,traffic`, body);
  }
}

async function scene(services: Readonly<Record<string, readonly string[]>>) {
  const cloud = await startLocalCloud({ containers: 'none' });
  for (const [service, numbers] of Object.entries(services)) await deployed(cloud, service, numbers);
  return { cloud, [Symbol.asyncDispose]: cloud.close };
}

async function back(cloud: LocalCloud, inputs: Readonly<Record<string, string>>, workspace = '/nowhere') {
  const context = recordingContext({
    inputs: { project: 'acme', region: 'us-central1', ...inputs },
    env: { CLOUDSDK_API_ENDPOINT_OVERRIDES_RUN: cloud.url, GITHUB_WORKSPACE: workspace },
  });
  const failed = await rollBack(context).then(
    () => undefined,
    (thrown: unknown) => (thrown instanceof Error ? thrown.message : String(thrown)),
  );
  return { ...context, failed, summary: context.renderedSummary() };
}

async function shares(cloud: LocalCloud, service: string): Promise<string> {
  const { traffic } = (await call(cloud, `GET /${service}`)) as {
    readonly traffic: readonly { readonly revision?: string; readonly percent?: number }[];
  };
  return traffic
    .filter(({ percent = 0 }) => percent > 0)
    .map(({ revision = 'latest', percent = 0 }) => `${revision}=${percent}`)
    .sort()
    .join(' ');
}

const patches = (cloud: LocalCloud, from = 0) =>
  cloud
    .calls()
    .slice(from)
    .filter(({ method }) => method === 'PATCH');

const three = ['00041-aaa', '00042-bbb', '00043-ccc'];

describe('one service', () => {
  test('goes back to the revision before, and says how it would be done by hand (RB-02)', async () => {
    await using world = await scene({ agent: three });

    const { failed, outputs, summary } = await back(world.cloud, { service: 'agent', reason: 'errors' });

    expect(failed).toBeUndefined();
    expect(await shares(world.cloud, 'agent')).toBe('agent-00042-bbb=100');
    expect(outputs).toMatchObject({
      from: { agent: { 'agent-00043-ccc': 100 } },
      to: { agent: { 'agent-00042-bbb': 100 } },
      changed: ['agent'],
    });
    expect(summary).toContain('Reason: errors');
    expect(summary).toContain(
      'gcloud run services update-traffic agent --project acme --region us-central1 --to-revisions agent-00042-bbb=100',
    );
  });

  test.each(['00041', 'agent-00041-aaa', 'main-00041-aaa'])('goes to "%s" (RB-03, RB-04)', async (to) => {
    await using world = await scene({ agent: three });

    const { failed } = await back(world.cloud, { service: 'agent', to });

    expect([failed, await shares(world.cloud, 'agent')]).toEqual([undefined, 'agent-00041-aaa=100']);
  });

  test('rolled back twice stays where the first rollback went', async () => {
    await using world = await scene({ agent: three });
    await back(world.cloud, { service: 'agent' });
    const before = world.cloud.calls().length;

    const { failed, outputs, summary } = await back(world.cloud, { service: 'agent' });

    expect(failed).toBeUndefined();
    expect(outputs['changed']).toEqual([]);
    expect(summary).toContain('nothing was changed');
    expect(patches(world.cloud, before)).toEqual([]);
  });

  test.each(['fail-before', 'drop-reply', 'apply-then-503'] as const)(
    'is rolled back once although the reply is lost (%s)',
    async (effect) => {
      await using world = await scene({ agent: three });
      world.cloud.addFaults({ match: { method: 'PATCH' }, effect });

      const { failed } = await back(world.cloud, { service: 'agent' });

      expect([failed, await shares(world.cloud, 'agent')]).toEqual([undefined, 'agent-00042-bbb=100']);
      expect(await call(world.cloud, 'GET /agent')).toMatchObject({ generation: '4' });
    },
  );

  test('is planned anew when somebody writes at the same moment', async () => {
    await using world = await scene({ agent: three });
    world.cloud.addFaults({ match: { method: 'PATCH' }, effect: 'status', status: 409, code: 'ABORTED' });

    const { failed } = await back(world.cloud, { service: 'agent' });

    expect([failed, await shares(world.cloud, 'agent')]).toEqual([undefined, 'agent-00042-bbb=100']);
  });

  test('rolled back by two runs at once ends at one revision', async () => {
    await using world = await scene({ agent: three });

    const ends = await Promise.all([
      back(world.cloud, { service: 'agent' }),
      back(world.cloud, { service: 'agent' }),
    ]);

    expect(ends.map(({ failed }) => failed)).toEqual([undefined, undefined]);
    expect(await shares(world.cloud, 'agent')).toBe('agent-00042-bbb=100');
  });
});

describe('several services', () => {
  test('go back together', async () => {
    await using world = await scene({ agent: three, habits: ['1', '2'] });

    const { failed } = await back(world.cloud, { service: 'agent, habits' });

    expect(failed).toBeUndefined();
    expect([await shares(world.cloud, 'agent'), await shares(world.cloud, 'habits')]).toEqual([
      'agent-00042-bbb=100',
      'habits-1=100',
    ]);
  });

  test('are all left alone when one of them has nothing to go back to', async () => {
    await using world = await scene({ agent: three, habits: ['1'] });
    const before = world.cloud.calls().length;

    const { failed } = await back(world.cloud, { service: 'agent, habits' });

    expect(failed).toContain('unit "habits": service habits has nothing to go back to: habits-1=100 serves');
    expect(failed).toContain('nothing was changed');
    expect(patches(world.cloud, before)).toEqual([]);
  });

  test('of which one is refused: the others go back, and the command for the one is printed', async () => {
    await using world = await scene({ agent: three, habits: ['1', '2'] });
    world.cloud.addFaults({
      match: { method: 'PATCH', path: 'habits' },
      times: 9,
      effect: 'status',
      status: 403,
      message: "Permission 'run.services.update' denied",
    });

    const { failed } = await back(world.cloud, { service: 'agent, habits' });

    expect(failed).toContain(
      'do it by hand: gcloud run services update-traffic habits --project acme --region us-central1 --to-revisions habits-1=100',
    );
    expect([await shares(world.cloud, 'agent'), await shares(world.cloud, 'habits')]).toEqual([
      'agent-00042-bbb=100',
      'habits-2=100',
    ]);
  });
});

test('units of the manifest go back, the gateway first', async () => {
  await using world = await scene({ agent: three, mesh: ['1', '2'] });
  using folder = workspace(`
project: acme
region: us-central1
registry: r/acme
environments: { production: { branches: main } }
units:
  agent: { kind: service, paths: agent/** }
  mesh: { kind: gateway, paths: mesh/** }
`);
  const before = world.cloud.calls().length;

  const { failed } = await back(
    world.cloud,
    { environment: 'production', units: 'agent, mesh' },
    folder.path,
  );

  expect(failed).toBeUndefined();
  expect(patches(world.cloud, before).map(({ path }) => /services\/(\w+)/.exec(path)?.[1])).toEqual([
    'mesh',
    'agent',
  ]);
});

function workspace(manifest: string) {
  const path = mkdtempSync(join(tmpdir(), 'fairlead-rollback-'));
  writeFileSync(join(path, 'fairlead.yaml'), manifest);
  return {
    path,
    [Symbol.dispose]: () => {
      rmSync(path, { recursive: true });
    },
  };
}

describe('what cannot be done is refused, and nothing is changed', () => {
  test.each([
    [
      { service: 'agent', to: '0042' },
      'unit "agent": "0042" is no revision of service agent; revisions: agent-00043-ccc, agent-00042-bbb, agent-00041-aaa; tags: none; nothing was changed',
    ],
    [
      { service: 'nobody' },
      'unit "nobody": service nobody does not exist in project acme, us-central1; nothing was changed',
    ],
    [{}, 'exactly one of the inputs "service", "release" and "units" is required, got none'],
    [
      { service: 'agent', release: '[]' },
      'exactly one of the inputs "service", "release" and "units" is required, got "service" and "release"',
    ],
    [{ release: '{}' }, 'release must be the JSON list that deploy-cloud-run prints'],
    [{ service: 'agent', project: '' }, 'input "project" is required and is empty'],
  ])('%j', async (inputs, message) => {
    await using world = await scene({ agent: three });
    const before = world.cloud.calls().length;

    const { failed } = await back(world.cloud, inputs);

    expect(failed).toContain(message);
    expect(patches(world.cloud, before)).toEqual([]);
  });
});

describe('after a deploy whose revision did not start', () => {
  /** `agent-2` serves; `agent-3` has a tag and did not start, so that Cloud Run routes nothing anew. */
  async function brokenDeploy() {
    const world = await scene({ agent: ['1', '2'] });
    world.cloud.addFaults({ match: { image: 'agent:3' }, effect: 'start-fails' });
    await call(world.cloud, 'PATCH /agent?updateMask=template,traffic', {
      template: { revision: 'agent-3', containers: [{ image: 'r/agent:3' }] },
      traffic: [at('agent-2', 100), { ...at('agent-3', 0), tag: 'c-3333333' }],
    });
    return world;
  }

  test('the traffic goes back, and the tag that would hold it is removed and named', async () => {
    await using world = await brokenDeploy();

    const { failed, logged } = await back(world.cloud, { service: 'agent' });

    expect([failed, await effective(world.cloud, 'agent')]).toEqual([undefined, 'agent-1=100']);
    expect(logged.map(({ message }) => message)).toContain(
      'agent: tag "c-3333333" is removed: revision agent-3 is not ready, and no traffic moves while a tag names it',
    );
  });

  test('a rollback that was asked for and did not take effect is no success when it is asked for again', async () => {
    await using world = await brokenDeploy();
    await call(world.cloud, 'PATCH /agent?updateMask=traffic', {
      traffic: [at('agent-1', 100), { ...at('agent-3', 0), tag: 'c-3333333' }],
    });

    const { failed } = await back(world.cloud, { service: 'agent', to: 'agent-1' });

    expect([failed, await effective(world.cloud, 'agent')]).toEqual([undefined, 'agent-1=100']);
  });
});

async function effective(cloud: LocalCloud, service: string): Promise<string> {
  const { trafficStatuses } = (await call(cloud, `GET /${service}`)) as {
    readonly trafficStatuses: readonly { readonly revision: string; readonly percent?: number }[];
  };
  return trafficStatuses
    .filter(({ percent = 0 }) => percent > 0)
    .map(({ revision, percent = 0 }) => `${revision}=${percent}`)
    .join(' ');
}

describe('the API refuses', () => {
  test.each([
    ['GET', 403, 'PERMISSION_DENIED'],
    ['GET', 500, 'INTERNAL'],
    ['PATCH', 403, 'PERMISSION_DENIED'],
    ['PATCH', 404, 'NOT_FOUND'],
    ['PATCH', 409, 'ABORTED'],
    ['PATCH', 429, 'RESOURCE_EXHAUSTED'],
    ['PATCH', 503, 'UNAVAILABLE'],
  ])('every %s with %i: the message says so and what served still serves', async (method, status, code) => {
    await using world = await scene({ agent: three });
    world.cloud.addFaults({ match: { method, path: '^/v2/' }, times: 999, effect: 'status', status, code });

    const { failed } = await back(world.cloud, { service: 'agent' });

    world.cloud.clearFaults();
    expect(failed).toContain(`${status} ${code}`);
    expect(await shares(world.cloud, 'agent')).toBe('agent-00043-ccc=100');
  });
});
