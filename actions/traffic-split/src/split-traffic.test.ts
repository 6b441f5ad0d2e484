import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { recordingContext } from '@fairlead/action-kit';
import { type LocalCloud, startLocalCloud } from '@fairlead/local-cloud';
import { type StagedUnit } from '@fairlead/rollout';
import { splitTraffic } from './split-traffic.ts';

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
const tagged = (revision: string, tag: string) => ({
  type: 'TRAFFIC_TARGET_ALLOCATION_TYPE_REVISION',
  revision,
  tag,
});
const template = (revision: string) => ({ revision, containers: [{ image: `r/${revision}` }] });

/** A service that serves `NAME-1` and has `NAME-2` at 0 % under a tag, with a person's tag beside it. */
async function staged(cloud: LocalCloud, service: string): Promise<void> {
  const [stable, candidate] = [`${service}-1`, `${service}-2`];
  await call(cloud, `POST ?serviceId=${service}`, {
    template: template(stable),
    traffic: [at(stable, 100)],
  });
  const journal = {
    v: 1,
    release: 'main-2',
    step: 'staged',
    candidate,
    tag: 'c-2222222',
    written: { [stable]: 100 },
    previous: { [stable]: 100 },
    served: [stable],
  };
  await call(cloud, `PATCH /${service}?updateMask=template,traffic,annotations`, {
    template: template(candidate),
    traffic: [at(stable, 100), tagged(stable, 'pr-7'), tagged(candidate, 'c-2222222')],
    annotations: { 'fairlead.dev/release': JSON.stringify(journal), team: 'green' },
  });
}

/** A cloud in which all of these services are staged; a service called `gateway` is one. */
async function stagedCloud(...services: readonly string[]) {
  const cloud = await startLocalCloud({ containers: 'none' });
  await Promise.all(services.map((service) => staged(cloud, service)));
  const release = services.map((service): StagedUnit => ({
    unit: service,
    kind: service === 'gateway' ? 'gateway' : 'service',
    project: 'acme',
    region: 'us-central1',
    service,
    revision: `${service}-2`,
    tag: 'c-2222222',
    image: `r/${service}-2`,
    version: 'main-2',
  }));
  return { cloud, release: JSON.stringify(release), [Symbol.asyncDispose]: cloud.close };
}

async function split(cloud: LocalCloud, inputs: Readonly<Record<string, string>>, workspace = '/nowhere') {
  const context = recordingContext({
    inputs,
    env: { CLOUDSDK_API_ENDPOINT_OVERRIDES_RUN: cloud.url, GITHUB_WORKSPACE: workspace },
  });
  const failed = await splitTraffic(context).then(
    () => undefined,
    (thrown: unknown) => (thrown instanceof Error ? thrown.message : String(thrown)),
  );
  return { ...context, failed, summary: context.renderedSummary() };
}

function workspace(manifest: string) {
  const path = mkdtempSync(join(tmpdir(), 'fairlead-split-'));
  writeFileSync(join(path, 'fairlead.yaml'), manifest);
  return {
    path,
    [Symbol.dispose]: () => {
      rmSync(path, { recursive: true });
    },
  };
}

interface Live {
  readonly traffic: readonly {
    readonly revision?: string;
    readonly percent?: number;
    readonly tag?: string;
  }[];
  readonly annotations: Readonly<Record<string, string>>;
}

async function live(cloud: LocalCloud, service: string): Promise<Live> {
  return (await call(cloud, `GET /${service}`)) as Live;
}

/** `agent-1=90 agent-2=10`, tags left out. */
async function shares(cloud: LocalCloud, service: string): Promise<string> {
  return (await live(cloud, service)).traffic
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

describe('a release', () => {
  test('moves every unit through the steps to exactly 100, and foreign tags and annotations stay (TS-01)', async () => {
    await using scene = await stagedCloud('agent', 'habits');

    const { failed, outputs } = await split(scene.cloud, { release: scene.release, steps: '10,50,100' });

    expect(failed).toBeUndefined();
    expect(outputs).toMatchObject({
      traffic: { agent: { 'agent-2': 100 }, habits: { 'habits-2': 100 } },
      shifted: ['agent', 'habits'],
      restored: [],
    });
    const { traffic, annotations } = await live(scene.cloud, 'agent');
    expect(traffic).toEqual([at('agent-2', 100), tagged('agent-1', 'pr-7'), tagged('agent-2', 'c-2222222')]);
    expect(annotations['team']).toBe('green');
  });

  test('is shifted at once when nobody says otherwise, in three calls each', async () => {
    await using scene = await stagedCloud('agent');
    const before = scene.cloud.calls().length;

    const { failed } = await split(scene.cloud, { release: scene.release });

    expect(failed).toBeUndefined();
    expect(
      scene.cloud
        .calls()
        .slice(before)
        .map(({ method }) => method),
    ).toEqual(['GET', 'PATCH', 'POST']);
  });

  test('moves a gateway only after everything else is at 100', async () => {
    await using scene = await stagedCloud('gateway', 'agent');
    const before = scene.cloud.calls().length;

    await split(scene.cloud, { release: scene.release, steps: '50,100' });

    expect(patches(scene.cloud, before).map(({ path }) => /services\/(\w+)/.exec(path)?.[1])).toEqual([
      'agent',
      'agent',
      'gateway',
      'gateway',
    ]);
  });

  test('that stops at a part leaves the gateway as it is', async () => {
    await using scene = await stagedCloud('gateway', 'agent');

    await split(scene.cloud, { release: scene.release, steps: '10' });

    expect(await shares(scene.cloud, 'agent')).toBe('agent-1=90 agent-2=10');
    expect(await shares(scene.cloud, 'gateway')).toBe('gateway-1=100');
  });

  test('shows its way as a chart and as gcloud commands', async () => {
    await using scene = await stagedCloud('agent');

    const { summary } = await split(scene.cloud, {
      release: scene.release,
      steps: '10,100',
      interval: '5m',
    });

    expect(summary).toContain('x-axis ["start", ');
    expect(summary).toContain('line [0, 10, 100]');
    expect(summary).toContain(
      'gcloud run services update-traffic agent --project acme --region us-central1 --to-revisions agent-1=90,agent-2=10',
    );
  });

  test('goes through the steps that the manifest writes for each unit (TS-03)', async () => {
    await using scene = await stagedCloud('agent', 'habits');
    using folder = workspace(`
project: acme
region: us-central1
registry: r/acme
environments: { production: { branches: main, rollout: { steps: [20, 100], interval: 1m } } }
units:
  agent: { kind: service, paths: agent/** }
  habits: { kind: service, paths: habits/**, rollout: { steps: [100] } }
`);

    const { logged } = await split(
      scene.cloud,
      { release: scene.release, environment: 'production' },
      folder.path,
    );

    const moves = logged.map(({ message }) => /^\w+: [^;]+(?=; by hand)/.exec(message)?.[0]);
    expect(new Set(moves.filter((move) => move !== undefined))).toEqual(
      new Set(['agent: agent-1=80, agent-2=20', 'habits: habits-2=100', 'agent: agent-2=100']),
    );
  });

  test('done again changes nothing', async () => {
    await using scene = await stagedCloud('agent');
    await split(scene.cloud, { release: scene.release });
    const before = scene.cloud.calls().length;

    const { failed, outputs } = await split(scene.cloud, { release: scene.release, steps: '10,100' });

    expect(failed).toBeUndefined();
    expect(outputs['shifted']).toEqual([]);
    expect(patches(scene.cloud, before)).toEqual([]);
  });
});

describe('a shift that fails', () => {
  test.each([1, 2, 3, 4, 5, 6])(
    'at write %i puts every unit back to exactly its previous traffic',
    async (nth) => {
      await using scene = await stagedCloud('agent', 'habits', 'gateway');
      scene.cloud.addFaults({
        match: { method: 'PATCH' },
        nth,
        effect: 'status',
        status: 403,
        message: "Permission 'run.services.update' denied",
      });

      const { failed, outputs } = await split(scene.cloud, { release: scene.release, steps: '50,100' });

      expect(failed).toContain("Permission 'run.services.update' denied");
      expect(failed).toContain('every service has its previous traffic');
      expect(outputs['shifted']).toEqual([]);
      expect(
        await Promise.all(['agent', 'habits', 'gateway'].map((service) => shares(scene.cloud, service))),
      ).toEqual(['agent-1=100', 'habits-1=100', 'gateway-1=100']);
    },
  );

  test('and cannot be undone says which command undoes it (RB-12)', async () => {
    await using scene = await stagedCloud('agent', 'habits');
    scene.cloud.addFaults(
      { match: { method: 'PATCH', path: 'habits' }, times: 9, effect: 'status', status: 403 },
      { match: { method: 'PATCH', path: 'agent' }, nth: 2, times: 9, effect: 'status', status: 403 },
    );

    const { failed, outputs } = await split(scene.cloud, { release: scene.release });

    expect(failed).toContain(
      'do it by hand: gcloud run services update-traffic agent --project acme --region us-central1 --to-revisions agent-1=100',
    );
    expect(outputs['restored']).toEqual([]);
    expect(await shares(scene.cloud, 'agent')).toBe('agent-2=100');
  });

  test('by being cancelled between two steps is undone', async () => {
    await using scene = await stagedCloud('agent');
    const cancelled = new AbortController();
    const context = recordingContext({
      inputs: { release: scene.release, steps: '10,100', interval: '5m' },
      env: { CLOUDSDK_API_ENDPOINT_OVERRIDES_RUN: scene.cloud.url, GITHUB_WORKSPACE: '/nowhere' },
      signal: cancelled.signal,
      clock: {
        now: () => 0,
        sleep: () => {
          cancelled.abort(new Error('the job was cancelled'));
          return Promise.reject(new Error('the job was cancelled'));
        },
      },
    });

    await expect(splitTraffic(context)).rejects.toThrow(
      'the shift failed: the job was cancelled; every service has its previous traffic',
    );
    expect(await shares(scene.cloud, 'agent')).toBe('agent-1=100');
  });
});

describe('a lost reply', () => {
  test.each(['fail-before', 'drop-reply', 'apply-then-503'] as const)(
    '(%s) is answered by reading: each step is written once',
    async (effect) => {
      await using scene = await stagedCloud('agent');
      scene.cloud.addFaults({ match: { method: 'PATCH' }, effect });

      const { failed } = await split(scene.cloud, { release: scene.release, steps: '50,100' });

      expect(failed).toBeUndefined();
      expect(await call(scene.cloud, 'GET /agent')).toMatchObject({ generation: '4' });
      expect(await shares(scene.cloud, 'agent')).toBe('agent-2=100');
    },
  );

  test('of any call and a second run end as one run would', async () => {
    const ends = await Promise.all([1, 2, 3, 4, 5].map(dieAtCallAndRepeat));

    expect(ends).toEqual(ends.map(() => 'agent-2=100'));
  });
});

async function dieAtCallAndRepeat(nth: number): Promise<string> {
  await using scene = await stagedCloud('agent');
  scene.cloud.addFaults({ match: { path: '^/v2/' }, nth, times: 1000, effect: 'drop-reply' });
  await split(scene.cloud, { release: scene.release, steps: '50,100' });
  scene.cloud.clearFaults();
  await split(scene.cloud, { release: scene.release, steps: '50,100' });
  return await shares(scene.cloud, 'agent');
}

describe('somebody else', () => {
  test('who moved the traffic since the release was staged is not overwritten', async () => {
    await using scene = await stagedCloud('agent');
    await call(scene.cloud, 'PATCH /agent?updateMask=traffic', {
      traffic: [at('agent-1', 70), at('agent-2', 30)],
    });
    const before = scene.cloud.calls().length;

    const { failed } = await split(scene.cloud, { release: scene.release });

    expect(failed).toMatch(
      /the traffic is agent-1=70, agent-2=30, but release main-2 left it at agent-1=100 \(last changed by .+ at \d{4}-.+\); set input "force"/,
    );
    expect(patches(scene.cloud, before)).toEqual([]);
    expect(await shares(scene.cloud, 'agent')).toBe('agent-1=70 agent-2=30');
  });

  test('is overwritten when that is asked for', async () => {
    await using scene = await stagedCloud('agent');
    await call(scene.cloud, 'PATCH /agent?updateMask=traffic', {
      traffic: [at('agent-1', 70), at('agent-2', 30)],
    });

    const { failed } = await split(scene.cloud, { release: scene.release, force: 'true' });

    expect([failed, await shares(scene.cloud, 'agent')]).toEqual([undefined, 'agent-2=100']);
  });

  test('who changed something else at the same moment is no obstacle', async () => {
    await using scene = await stagedCloud('agent');
    scene.cloud.addFaults({ match: { method: 'PATCH' }, effect: 'status', status: 409, code: 'ABORTED' });

    const { failed } = await split(scene.cloud, { release: scene.release });

    expect([failed, await shares(scene.cloud, 'agent')]).toEqual([undefined, 'agent-2=100']);
  });

  test('running the same release at the same time ends at the same traffic', async () => {
    await using scene = await stagedCloud('agent', 'habits');

    const ends = await Promise.all([
      split(scene.cloud, { release: scene.release, steps: '10,50,100' }),
      split(scene.cloud, { release: scene.release, steps: '10,50,100' }),
    ]);

    expect(ends.map(({ failed }) => failed)).toEqual([undefined, undefined]);
    expect(await shares(scene.cloud, 'agent')).toBe('agent-2=100');
  });
});

describe('one service without a release', () => {
  const plain = { service: 'agent', project: 'acme', region: 'us-central1' };

  test('is moved to the revision that is named (TS-08)', async () => {
    await using scene = await stagedCloud('agent');

    const { failed } = await split(scene.cloud, { ...plain, revision: 'agent-2' });

    expect([failed, await shares(scene.cloud, 'agent')]).toEqual([undefined, 'agent-2=100']);
  });

  test('is left alone when the revision does not exist', async () => {
    await using scene = await stagedCloud('agent');
    const before = scene.cloud.calls().length;

    const { failed } = await split(scene.cloud, { ...plain, revision: 'agent-9' });

    expect(failed).toBe(
      'unit "agent": revision agent-9 of service agent does not exist; deploy it first; nothing was changed',
    );
    expect(patches(scene.cloud, before)).toEqual([]);
  });

  test('that does not exist is named', async () => {
    await using scene = await stagedCloud();

    const { failed } = await split(scene.cloud, { ...plain, revision: 'agent-2' });

    expect(failed).toBe('unit "agent": service agent does not exist; nothing was changed');
  });
});

describe('bad input is refused before any call', () => {
  test.each([
    [{ steps: '12.5' }, 'steps must be whole numbers from 1 to 100, got "12.5"'],
    [{ steps: '50,10' }, 'steps must be rising percents such as "10,50,100", got "50,10"'],
    [
      { release: '{' },
      'release must be the JSON list that deploy-cloud-run prints as its output "release", got "{"',
    ],
    [{ release: '[{}]' }, 'release[0].unit must be text that is not empty, got nothing'],
    [{ release: '' }, 'one of the inputs "release" and "service" is required'],
    [{ service: 'agent' }, 'inputs "release" and "service" exclude each other; leave one of them empty'],
    [{ interval: 'soon' }, 'input "interval" must be a duration such as "30s", "5m" or "1h", got "soon"'],
  ])('%j', async (inputs, message) => {
    await using scene = await stagedCloud();

    const { failed } = await split(scene.cloud, { release: '[]', ...inputs });

    expect(failed).toContain(message);
    expect(scene.cloud.calls()).toEqual([]);
  });
});

describe('the API refuses', () => {
  test.each([
    ['GET', 403, 'PERMISSION_DENIED'],
    ['GET', 500, 'INTERNAL'],
    ['PATCH', 403, 'PERMISSION_DENIED'],
    ['PATCH', 404, 'NOT_FOUND'],
    ['PATCH', 409, 'ABORTED'],
    ['PATCH', 429, 'RESOURCE_EXHAUSTED'],
    ['PATCH', 500, 'INTERNAL'],
    ['PATCH', 503, 'UNAVAILABLE'],
  ])('every %s with %i: the message says so and no traffic moves', async (method, status, code) => {
    await using scene = await stagedCloud('agent', 'habits');
    scene.cloud.addFaults({ match: { method, path: '^/v2/' }, times: 999, effect: 'status', status, code });

    const { failed } = await split(scene.cloud, { release: scene.release });

    scene.cloud.clearFaults();
    expect(failed).toContain(`${status} ${code}`);
    expect([await shares(scene.cloud, 'agent'), await shares(scene.cloud, 'habits')]).toEqual([
      'agent-1=100',
      'habits-1=100',
    ]);
  });
});
