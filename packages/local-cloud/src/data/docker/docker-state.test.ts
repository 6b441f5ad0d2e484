import { mkdtempDisposable } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { poll, systemClock } from '@fairlead/action-kit';
import { describe, expect, test } from '@jest/globals';

import { pushImage } from '../../registry/test-push.ts';
import { type ChildCloud, childCloud } from '../../state/test-child-cloud.ts';
import type { Body } from '../../test-client.ts';
import { engineAnswers } from '../index.ts';
import { nodeTar } from '../test-node-layer.ts';
import { engineApi } from './engine-api.ts';

const isThere = await engineAnswers();
const withEngine = isThere
  ? { describe, name: 'a local cloud of containers that is killed' }
  : {
      describe: describe.skip,
      name: 'a local cloud of containers that is killed (skipped: no engine answers; start one or set DOCKER_HOST)',
    };

// As a service it says which revision and which start of it answers; as a task it hangs the first time.
const program = `
  import { randomUUID } from 'node:crypto';
  import { createServer } from 'node:http';
  process.on('SIGTERM', () => process.exit(0));
  const start = randomUUID();
  const { PORT, K_REVISION, CLOUD_RUN_TASK_ATTEMPT } = process.env;
  if (PORT !== undefined)
    createServer((request, response) => response.end(JSON.stringify({ revision: K_REVISION, start }))).listen(PORT);
  else if (CLOUD_RUN_TASK_ATTEMPT === '0') setInterval(() => {}, 1_000);
`;

withEngine.describe(withEngine.name, () => {
  test('removes the old containers when it starts again, serves, and ends tasks as a crash does', async () => {
    await using folder = await mkdtempDisposable(join(tmpdir(), 'docker-state-'));
    const state = join(folder.path, 'state');
    await using killed = await childCloud(state, 'docker');
    const image = await pushProgram(killed);
    await write(killed, 'services?serviceId=web', {
      template: { revision: 'web-one', containers: [{ image }] },
    });
    const before = await answerOf(killed);
    await run(killed, 'once', { maxRetries: 0, containers: [{ image }] });
    await run(killed, 'again', { maxRetries: 1, containers: [{ image }] });
    const old = await untilContainers(image, 3);

    await killed.kill();
    const orphaned = await containersOf(image);
    await using restarted = await childCloud(state, 'docker');
    const after = await answerOf(restarted);
    const executions = await untilComplete(restarted);
    const left = await containersOf(image);
    await restarted.stop();
    const atLast = await containersOf(image);
    await removeImage(image);

    expect([...orphaned].sort()).toEqual([...old].sort());
    expect(left.filter((id) => old.includes(id))).toEqual([]);
    expect(before.answer).toEqual({ revision: 'web-one', start: expect.any(String) });
    expect(after).toEqual({ uri: before.uri, answer: { revision: 'web-one', start: expect.any(String) } });
    expect(after.answer.start).not.toBe(before.answer.start);
    expect(executions.get('again')).toMatchObject({ succeededCount: 1, retriedCount: 1 });
    expect(executions.get('once')).toMatchObject({ failedCount: 1 });
    expect(atLast).toEqual([]);
  }, 120_000);
});

async function pushProgram({ registry }: ChildCloud): Promise<string> {
  const layers = [await nodeTar(), { 'app/main.mjs': program }];
  const config = { Entrypoint: ['/usr/local/bin/node', '/app/main.mjs'], WorkingDir: '/app' };
  return pushImage(registry, 'p/services/web', { layers, config });
}

async function call({ url }: ChildCloud, method: string, path: string, body?: object): Promise<Body> {
  const sent = body === undefined ? {} : { body: JSON.stringify(body) };
  const response = await fetch(`${url}/v2/${path}`, { method, ...sent });
  const answered = (await response.json()) as Body;
  if (response.ok) return answered;
  throw new Error(`${method} ${path} answered ${response.status}: ${JSON.stringify(answered)}`);
}

const PARENT = 'projects/p/locations/r';

/** The write and its operation. */
async function write(cloud: ChildCloud, path: string, body: object): Promise<Body> {
  const begun = await call(cloud, 'POST', `${PARENT}/${path}`, body);
  return call(cloud, 'POST', `${begun.name ?? ''}:wait`, { timeout: '30s' });
}

async function run(cloud: ChildCloud, job: string, task: object): Promise<void> {
  await write(cloud, `jobs?jobId=${job}`, { template: { template: task } });
  await call(cloud, 'POST', `${PARENT}/jobs/${job}:run`, {});
}

interface Served {
  readonly uri: string;
  readonly answer: { readonly revision: string; readonly start: string };
}

async function answerOf(cloud: ChildCloud): Promise<Served> {
  const { uri = '' } = await call(cloud, 'GET', `${PARENT}/services/web`);
  return { uri, answer: (await (await fetch(uri)).json()) as Served['answer'] };
}

/** The execution of each job, when all are complete. */
function untilComplete(cloud: ChildCloud): Promise<ReadonlyMap<string, Body>> {
  return untilThere(async () => {
    const { executions = [] } = await call(cloud, 'GET', `${PARENT}/jobs/-/executions`);
    if (executions.some((one) => !('completionTime' in one))) return undefined;
    return new Map(executions.map((one) => [/executions\/(\w+)-/.exec(one.name ?? '')?.[1] ?? '', one]));
  });
}

function untilContainers(image: string, count: number): Promise<readonly string[]> {
  return untilThere(async () => {
    const ids = await containersOf(image);
    return ids.length === count ? ids : undefined;
  });
}

async function untilThere<T extends object>(look: () => Promise<T | undefined>): Promise<T> {
  const once = async () => {
    const value = await look();
    return value === undefined ? ({ kind: 'again' } as const) : ({ kind: 'done', value } as const);
  };
  const polled = await poll(once, { clock: systemClock, intervalMs: 100, deadlineMs: 30_000 });
  if (polled.kind === 'done') return polled.value;
  throw new Error('it did not come within 30 s');
}

async function containersOf(image: string): Promise<readonly string[]> {
  const filters = encodeURIComponent(JSON.stringify({ ancestor: [image] }));
  const path = `/containers/json?all=true&filters=${filters}`;
  const { body } = await engineApi(process.env['DOCKER_HOST']).call({ method: 'GET', path });
  return (body as readonly { readonly Id: string }[]).map(({ Id }) => Id);
}

async function removeImage(image: string): Promise<void> {
  const path = `/images/${encodeURIComponent(image)}?force=true`;
  await engineApi(process.env['DOCKER_HOST']).call({ method: 'DELETE', path });
}
