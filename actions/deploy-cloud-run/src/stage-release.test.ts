import { describe, expect, test } from '@jest/globals';
import { recordingContext } from '@fairlead/action-kit';
import { type Fault, type LocalCloud, startLocalCloud } from '@fairlead/local-cloud';
import { stageRelease } from './stage-release.ts';

const COMMIT = '1a2b3c4d5e6f708192a3b4c5d6e7f8091a2b3c4d';
const digest = (digit: string) => `127.0.0.1:5000/acme/agent@sha256:${digit.repeat(64)}`;

/** Runs the action for service `agent` and returns what it said; `failed` is the message that it failed with. */
async function stage(cloud: LocalCloud, inputs: Readonly<Record<string, string>> = {}) {
  const context = recordingContext({
    inputs: {
      service: 'agent',
      project: 'acme',
      region: 'us-central1',
      image: digest('a'),
      tag: 'main-1a2b3c4',
      commit: COMMIT,
      ...inputs,
    },
    env: { CLOUDSDK_API_ENDPOINT_OVERRIDES_RUN: cloud.url },
  });
  const failed = await stageRelease(context).then(
    () => undefined,
    (thrown: unknown) => (thrown instanceof Error ? thrown.message : String(thrown)),
  );
  return { failed, outputs: context.outputs, logged: context.logged, summary: context.renderedSummary() };
}

interface Live {
  readonly etag: string;
  readonly generation: string;
  readonly template: {
    readonly revision: string;
    readonly labels: Readonly<Record<string, string>>;
    readonly scaling?: unknown;
    readonly healthCheckDisabled?: boolean;
    readonly containers: readonly {
      readonly image: string;
      readonly env: readonly { readonly name: string; readonly value?: string }[];
      readonly resources?: unknown;
    }[];
  };
  readonly traffic: readonly {
    readonly revision?: string;
    readonly percent?: number;
    readonly tag?: string;
  }[];
  readonly invokerIamDisabled?: boolean;
}

const SERVICE = '/v2/projects/acme/locations/us-central1/services/agent';

async function live(cloud: LocalCloud): Promise<Live> {
  return (await (await fetch(`${cloud.url}${SERVICE}`)).json()) as Live;
}

/** A person's write: no etag. */
async function patch(cloud: LocalCloud, mask: string, body: unknown): Promise<void> {
  const response = await fetch(`${cloud.url}${SERVICE}?updateMask=${mask}`, {
    method: 'PATCH',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  await cloud.idle();
  if (!response.ok) throw new Error(await response.text());
}

const writes = (cloud: LocalCloud) =>
  cloud.calls().filter(({ method, path }) => method === 'PATCH' || /services\?serviceId/.test(path));

const revisionIn = (outputs: Readonly<Record<string, unknown>>) =>
  (outputs['revisions'] as Readonly<Record<string, string>> | undefined)?.['agent'] ?? '';

describe('a service that does not exist (CR-19)', () => {
  test('is created with its first revision, which has all traffic, and that is said', async () => {
    await using cloud = await startLocalCloud({ containers: 'none' });

    const { failed, outputs, summary } = await stage(cloud);

    expect(failed).toBeUndefined();
    const revision = revisionIn(outputs);
    expect(revision).toMatch(/^agent-[0-9a-f]{10}$/);
    expect((await live(cloud)).traffic).toMatchObject([
      { revision, percent: 100 },
      { revision, tag: 'c-1a2b3c4' },
    ]);
    expect(summary).toContain('never served before and have all traffic');
  });

  test('is staged with image by digest, version, unit and commit (CR-01, CR-10)', async () => {
    await using cloud = await startLocalCloud({ containers: 'none' });

    await stage(cloud);

    const { template } = await live(cloud);
    expect(template.labels).toEqual({ 'fairlead-unit': 'agent', 'fairlead-commit': COMMIT });
    expect(template.containers[0]?.image).toBe(digest('a'));
    expect(template.containers[0]?.env).toEqual([{ name: 'IMAGE_TAG', value: 'main-1a2b3c4' }]);
  });
});

describe('a service that serves', () => {
  test('keeps its traffic while the candidate stands at 0 % under its tag', async () => {
    await using cloud = await startLocalCloud({ containers: 'none' });
    const before = revisionIn((await stage(cloud)).outputs);

    const { failed, outputs } = await stage(cloud, {
      image: digest('b'),
      tag: 'main-2222222',
      commit: '2'.repeat(40),
    });

    expect(failed).toBeUndefined();
    expect((await live(cloud)).traffic).toMatchObject([
      { revision: before, percent: 100 },
      { revision: revisionIn(outputs), tag: 'c-2222222' },
    ]);
    expect(outputs['release']).toMatchObject([
      {
        unit: 'agent',
        kind: 'service',
        service: 'agent',
        revision: revisionIn(outputs),
        tag: 'c-2222222',
        version: 'main-2222222',
        image: digest('b'),
      },
    ]);
  });

  test('is staged in three calls', async () => {
    await using cloud = await startLocalCloud({ containers: 'none' });
    await stage(cloud);
    const before = cloud.calls().length;

    await stage(cloud, { image: digest('b') });

    expect(
      cloud
        .calls()
        .slice(before)
        .map(({ method }) => method),
    ).toEqual(['GET', 'PATCH', 'POST']);
  });

  test('keeps settings and foreign tags that it was not told to manage (CR-06, CR-07)', async () => {
    await using cloud = await startLocalCloud({ containers: 'none' });
    const before = revisionIn((await stage(cloud, { memory: '2Gi', env: 'LOG_LEVEL=debug' })).outputs);
    await patch(cloud, 'traffic', {
      traffic: [
        { type: 'TRAFFIC_TARGET_ALLOCATION_TYPE_REVISION', revision: before, percent: 100 },
        { type: 'TRAFFIC_TARGET_ALLOCATION_TYPE_REVISION', revision: before, tag: 'pr-7' },
      ],
    });

    await stage(cloud, { image: digest('b'), tag: 'main-2' });

    const { template, traffic } = await live(cloud);
    expect(template.containers[0]).toMatchObject({ resources: { limits: { memory: '2Gi' } } });
    expect(template.containers[0]?.env).toContainEqual({ name: 'LOG_LEVEL', value: 'debug' });
    expect(traffic).toContainEqual({
      type: 'TRAFFIC_TARGET_ALLOCATION_TYPE_REVISION',
      revision: before,
      tag: 'pr-7',
    });
  });

  test('that follows the latest revision is pinned to the one that serves', async () => {
    await using cloud = await startLocalCloud({ containers: 'none' });
    const before = revisionIn((await stage(cloud)).outputs);
    await patch(cloud, 'traffic', {
      traffic: [{ type: 'TRAFFIC_TARGET_ALLOCATION_TYPE_LATEST', percent: 100 }],
    });

    await stage(cloud, { image: digest('b') });

    expect((await live(cloud)).traffic[0]).toMatchObject({ revision: before, percent: 100 });
  });

  test('is opened to everybody only when that is asked for (CR-08)', async () => {
    await using cloud = await startLocalCloud({ containers: 'none' });

    await stage(cloud);
    const closed = (await live(cloud)).invokerIamDisabled ?? false;
    await stage(cloud, { public: 'true' });

    expect([closed, (await live(cloud)).invokerIamDisabled]).toEqual([false, true]);
  });
});

test('a worker is not probed, has an instance and no tag (CR-16)', async () => {
  await using cloud = await startLocalCloud({ containers: 'none' });

  const { outputs } = await stage(cloud, { kind: 'worker' });

  const { template, traffic } = await live(cloud);
  expect(template).toMatchObject({ healthCheckDisabled: true, scaling: { minInstanceCount: 1 } });
  expect(traffic).toHaveLength(1);
  expect(outputs['tag-urls']).toEqual({});
});

describe('doing it again', () => {
  test('writes nothing and reuses the revision', async () => {
    await using cloud = await startLocalCloud({ containers: 'none' });
    const first = await stage(cloud);
    const { etag } = await live(cloud);

    const second = await stage(cloud);

    expect(second.outputs['release']).toEqual(first.outputs['release']);
    expect(second.outputs['reused']).toEqual(['agent']);
    expect((await live(cloud)).etag).toBe(etag);
  });

  test.each(['fail-before', 'drop-reply', 'apply-then-503'] as const)(
    'is not needed when the reply to the write is lost (%s): one revision, one generation',
    async (effect) => {
      await using cloud = await startLocalCloud({ containers: 'none' });
      await stage(cloud);
      cloud.addFaults({ match: { method: 'PATCH' }, effect });

      const { failed, outputs } = await stage(cloud, { image: digest('b') });

      expect(failed).toBeUndefined();
      expect(await live(cloud)).toMatchObject({
        generation: '2',
        template: { revision: revisionIn(outputs) },
      });
    },
  );

  test('after a death at any call ends as without one', async () => {
    await using calm = await startLocalCloud({ containers: 'none' });
    await stage(calm);
    await stage(calm, { image: digest('b') });
    const expected = (await live(calm)).traffic;

    const ends = await Promise.all([1, 2, 3].map((call) => dieAtCallAndRepeat(call)));

    expect(ends).toEqual([expected, expected, expected]);
  });

  test('two runs at once both end with the same revision', async () => {
    await using cloud = await startLocalCloud({ containers: 'none' });
    await stage(cloud);

    const [one, other] = await Promise.all([
      stage(cloud, { image: digest('b') }),
      stage(cloud, { image: digest('b') }),
    ]);

    expect([one.failed, other.failed]).toEqual([undefined, undefined]);
    expect(one.outputs['release']).toEqual(other.outputs['release']);
  });
});

async function dieAtCallAndRepeat(call: number) {
  await using cloud = await startLocalCloud({ containers: 'none' });
  await stage(cloud);
  const dead: Fault = { match: { path: '^/v2/' }, nth: call, times: 100, effect: 'drop-reply' };
  cloud.addFaults(dead);
  await stage(cloud, { image: digest('b') });
  cloud.clearFaults();
  await stage(cloud, { image: digest('b') });
  return (await live(cloud)).traffic;
}

describe('a revision that does not start', () => {
  test('fails with its own message, and what served still serves (RB-01)', async () => {
    await using cloud = await startLocalCloud({ containers: 'none' });
    const before = revisionIn((await stage(cloud)).outputs);
    cloud.addFaults({ match: { image: 'b{64}' }, effect: 'start-fails', message: 'no port was opened' });

    const { failed, outputs } = await stage(cloud, { image: digest('b') });

    expect(failed).toContain('no port was opened');
    expect(failed).toContain(`${before}=100 still serves`);
    expect(outputs).toEqual({});
    expect((await live(cloud)).traffic[0]).toMatchObject({ revision: before, percent: 100 });
  });

  test('loses our tag, so that a person can move the traffic', async () => {
    await using cloud = await startLocalCloud({ containers: 'none' });
    const before = revisionIn((await stage(cloud)).outputs);
    cloud.addFaults({ match: { image: 'b{64}' }, effect: 'start-fails' });

    const { logged } = await stage(cloud, { image: digest('b') });

    expect((await live(cloud)).traffic).toEqual([
      expect.objectContaining({ revision: before, percent: 100 }),
    ]);
    expect(logged.map(({ message }) => message).join('\n')).toMatch(
      /tag "c-1a2b3c4" is taken off agent-[0-9a-f]{10}, so that/,
    );
  });

  test('whose tag cannot be taken off says how to do it by hand', async () => {
    await using cloud = await startLocalCloud({ containers: 'none' });
    await stage(cloud);
    cloud.addFaults(
      { match: { image: 'b{64}' }, effect: 'start-fails', message: 'no port was opened' },
      { match: { method: 'PATCH' }, nth: 2, times: 99, effect: 'status', status: 403 },
    );

    const { failed, logged } = await stage(cloud, { image: digest('b') });

    expect(failed).toContain('no port was opened');
    expect(logged.map(({ message }) => message).join('\n')).toContain(
      'gcloud run services update-traffic agent --project acme --region us-central1 --remove-tags c-1a2b3c4',
    );
  });

  test('is tried again under another name by the next run', async () => {
    await using cloud = await startLocalCloud({ containers: 'none' });
    await stage(cloud);
    cloud.addFaults({ match: { image: 'b{64}' }, effect: 'start-fails' });
    await stage(cloud, { image: digest('b') });

    const { failed, outputs } = await stage(cloud, { image: digest('b') });

    expect(failed).toBeUndefined();
    expect(revisionIn(outputs)).toMatch(/^agent-[0-9a-f]{10}-2$/);
  });
});

describe('the API refuses', () => {
  test.each([
    [
      { status: 403, message: "Permission 'run.services.update' denied on resource 'agent'" },
      'grant the account of this job a role with run.services.update (roles/run.developer)',
    ],
    [{ status: 400, message: 'Violation in UpdateServiceRequest' }, 'Violation in UpdateServiceRequest'],
    [{ status: 404, message: 'not here' }, 'check the project, the region and the name'],
    [{ status: 409, code: 'ABORTED', message: 'Conflict for resource' }, '409 ABORTED'],
    [{ status: 429, message: 'Quota exceeded', retryAfter: 1 }, '429 RESOURCE_EXHAUSTED: Quota exceeded'],
    [{ status: 500, message: 'oops' }, '500 INTERNAL: oops'],
  ])('with %j: the message says it and nothing is changed', async (answer, message) => {
    await using cloud = await startLocalCloud({ containers: 'none' });
    await stage(cloud);
    const before = await live(cloud);
    cloud.addFaults({ match: { method: 'PATCH' }, times: 999, effect: 'status', ...answer });

    const { failed } = await stage(cloud, { image: digest('b') });

    expect(failed).toContain(message);
    expect(await live(cloud)).toEqual(before);
  });

  test.each([
    ['GET', 429],
    ['GET', 503],
    ['PATCH', 429],
    ['PATCH', 409],
    ['POST', 503],
  ])('%s once with %i: it is done again and said', async (method, status) => {
    await using cloud = await startLocalCloud({ containers: 'none' });
    await stage(cloud);
    cloud.addFaults({ match: { method, path: '^/v2/' }, effect: 'status', status });

    const { failed, logged } = await stage(cloud, { image: digest('b') });

    expect(failed).toBeUndefined();
    expect(logged.map(({ message }) => message).join('\n')).toMatch(/trying again|reading it again/);
  });

  test('for good: the run ends with the last answer', async () => {
    await using cloud = await startLocalCloud({ containers: 'none' });
    cloud.addFaults({ match: { method: 'GET' }, times: 99, effect: 'status', status: 503, message: 'busy' });

    expect((await stage(cloud)).failed).toContain(
      'get service agent: the API answered 503 UNAVAILABLE: busy',
    );
  });
});

describe('bad input is refused before any call', () => {
  test.each([
    [{ commit: 'abc' }, 'input "commit" must be 40 hexadecimal digits, got "abc"'],
    [{ tag: 'a b' }, '"a b" is no image tag: expected'],
    [{ images: '[]' }, 'input "images" must be a JSON object, got []'],
    [{ 'unit-env': '{"agent":{"A":1}}' }, 'input "unit-env.agent" must map to text, got 1 at "A"'],
    [{ 'max-instances': '0' }, 'input "max-instances" must be a whole number from 1 to 10000, got "0"'],
    [{ project: '' }, 'input "project" is required and is empty'],
    [{ image: 'r/Agent' }, 'unit "agent": "r/Agent" is no image name such as'],
    [{ image: '127.0.0.1:1/acme/agent:x' }, 'unit "agent": registry 127.0.0.1:1 cannot be reached'],
  ])('%j', async (inputs, message) => {
    await using cloud = await startLocalCloud({ containers: 'none' });

    const { failed } = await stage(cloud, inputs);

    expect(failed).toContain(message);
    expect(writes(cloud)).toEqual([]);
  });

  test('an endpoint in plain http on another machine', async () => {
    const context = recordingContext({
      inputs: { service: 'agent', project: 'p', region: 'r', image: digest('a'), tag: 'x' },
      env: { CLOUDSDK_API_ENDPOINT_OVERRIDES_RUN: 'http://example.com/' },
    });

    await expect(stageRelease(context)).rejects.toThrow(
      'CLOUDSDK_API_ENDPOINT_OVERRIDES_RUN may use plain http only to this machine',
    );
  });
});
