import { expect, test } from '@jest/globals';

import type { WorkerPoolFacts } from '../facts/worker-pool-facts.ts';
import { document } from '../layout.ts';
import { NIGHT, revisionOf, serviceOf, textOf } from '../test-facts.ts';
import { NO_COUNTS } from '../traffic-history.ts';
import { callsPage } from './calls-page.ts';
import { executionPage } from './execution-page.ts';
import { jobPage } from './job-page.ts';
import { operationsPage } from './operations-page.ts';
import { type Overview, overviewPage } from './overview-page.ts';
import { servicePage } from './service-page.ts';
import { workerPoolPage } from './worker-pool-page.ts';

const nothing: Overview = {
  nowMs: NIGHT,
  services: [],
  moreServices: 0,
  jobs: [],
  workerPools: [],
  operations: [],
  faults: [],
  calls: 0,
  token: 'token',
};

const erring = {
  recent: { ...NO_COUNTS, requests: 100, errors: 12 },
  erring: { sinceMs: NIGHT - 60_000, lastMs: NIGHT },
};

test('an empty cloud says what to do', () => {
  const said = textOf(overviewPage(nothing).main);

  expect(said).toContain('No service yet. Point a client at this address');
  expect(said).toContain('No job yet.');
  expect(said).toContain('No operation yet.');
  expect(said).not.toContain('Active faults');
});

test('a tab in the background shows that something is wrong', () => {
  const page = overviewPage({ ...nothing, services: [serviceOf({ revisions: [revisionOf(erring)] })] });

  expect(document(page, { nowMs: NIGHT })).toContain('<title>▲ Overview · Local cloud</title>');
});

test('the overview tells of each current revision its share, its requests and its errors', () => {
  const revisions = [
    revisionOf({ name: 'web-2', live: 20, desired: 20, ...erring }),
    revisionOf({ live: 80, desired: 80, recent: { ...NO_COUNTS, requests: 1_400 } }),
  ];

  const said = textOf(overviewPage({ ...nothing, services: [serviceOf({ revisions })] }).main);

  expect(said).toContain('web-2 20 % ● Serving 100 12 12.0 % since 02:13:05');
  expect(said).toContain('web-1 80 % ● Serving 1,400 0');
});

test('services that do not fit are counted', () => {
  const said = textOf(overviewPage({ ...nothing, services: [serviceOf()], moreServices: 950 }).main);

  expect(said).toContain('And 950 more services');
});

test('a service tells the measured share beside the one that was asked for', () => {
  const service = serviceOf({
    revisions: [
      revisionOf({ name: 'web-2', live: 20, desired: 50, byShareSinceChange: 21 }),
      revisionOf({ live: 80, desired: 50, byShareSinceChange: 79 }),
    ],
  });

  const page = servicePage({ nowMs: NIGHT, service, series: [], barMs: 15_000, log: [] });

  expect(textOf(page.main)).toContain('web-2 ● Serving 20 % 50 % asked for 21.0 %');
});

test('a revision that did not start says why, in full', () => {
  const message = `Image 'web@sha256:${'a'.repeat(64)}' not found.`;
  const service = serviceOf({
    revisions: [revisionOf({ state: { tone: 'bad', word: 'Failed to start' }, message })],
  });

  const page = servicePage({ nowMs: NIGHT, service, series: [], barMs: 15_000, log: [] });

  expect(textOf(page.main)).toContain(`web-1 : ${message}`);
});

const failed = {
  id: 'projects/p/locations/r/jobs/migrate/executions/migrate-abcde',
  name: 'migrate-abcde',
  state: { tone: 'bad', word: 'Failed' },
  message: 'Execution migrate-abcde has failed to complete, 0/1 tasks were a success.',
  createdMs: NIGHT - 90_000,
  startedMs: NIGHT - 80_000,
  endedMs: NIGHT - 68_000,
  tasks: [
    {
      index: 0,
      state: { tone: 'bad', word: 'Failed' },
      attempts: 4,
      exitCode: 3,
      message: 'Container called exit(3).',
      startedMs: NIGHT - 80_000,
      endedMs: NIGHT - 68_000,
    },
  ],
} as const;

test('a job tells its executions with how long they took and why they failed', () => {
  const job = {
    id: 'projects/p/locations/r/jobs/migrate',
    name: 'migrate',
    project: 'p',
    region: 'r',
    image: 'localhost:5000/migrate',
    executions: [failed],
  };

  expect(textOf(jobPage(job, NIGHT).main)).toContain(
    `migrate-abcde ▲ Failed 0 of 1 02:12:35 1 min ago 12 s ${failed.message}`,
  );
});

test('an execution tells of each task its attempts and its last exit', () => {
  const job = { id: 'projects/p/locations/r/jobs/migrate', name: 'migrate', region: 'r' };

  const said = textOf(executionPage({ nowMs: NIGHT, job, execution: failed, log: [] }).main);

  expect(said).toContain(`0 of 1 tasks done. ${failed.message}`);
  expect(said).toContain('0 ▲ Failed 4 code 3 02:12:45 1 min ago 12 s Container called exit(3).');
});

test('an operation that failed tells its message, and leads to what it worked on', () => {
  const page = operationsPage(
    [
      {
        id: 'projects/p/locations/r/operations/12345678-9',
        name: '12345678-9',
        kind: 'Service',
        target: 'projects/p/locations/r/services/web',
        state: { tone: 'bad', word: 'Failed' },
        message: 'INTERNAL: no',
      },
    ],
    { total: 1, nowMs: NIGHT },
  );

  expect(textOf(page.main)).toContain('web Service ▲ Failed INTERNAL: no 12345678');
  expect(page.main.text).toContain('href="/console/services/p/r/web"');
});

test('a call tells when, what, its answer, how long it took and the permission it needs', () => {
  const page = callsPage([
    {
      timeMs: NIGHT,
      method: 'GET',
      path: '/v2/projects/p/locations/r/services/web',
      status: 404,
      durationMs: 3,
      permission: 'run.services.get',
    },
    { durationMs: 0, timeMs: NIGHT + 1000, method: 'PATCH', path: '/v2/x', fault: 'fail-before' },
  ]);

  expect(textOf(page.main)).toContain(
    '02:14:06 PATCH /v2/x ▲ Broken off 0 fail-before\n02:14:05 GET /v2/projects/p/locations/r/services/web ◐ 404 3 run.services.get',
  );
});

test('calls are found by a part of method and path', () => {
  const calls = ['/v2/a', '/v2/b'].map((path) => ({
    timeMs: NIGHT,
    method: 'GET',
    path,
    status: 200,
    durationMs: 1,
  }));

  const said = textOf(callsPage(calls, 'GET /v2/b').main);

  expect(said).toContain('1 of 2 calls.');
  expect(said).not.toContain('/v2/a');
  expect(textOf(callsPage(calls, 'PUT').main)).toContain('No call holds that.');
});

test('of several tasks the log of each can be chosen', () => {
  const job = { id: 'projects/p/locations/r/jobs/migrate', name: 'migrate', region: 'r' };
  const execution = { ...failed, tasks: [failed.tasks[0], { ...failed.tasks[0], index: 1 }] };

  const page = executionPage({ nowMs: NIGHT, job, execution, chosen: 1, log: [] });

  expect(page.main.text).toContain('/migrate-abcde?task=1#log" aria-current="true">Task 1</a>');
  expect(page.main.text).toContain('/migrate-abcde#log" aria-current="false">All tasks</a>');
});

test('a page that loads itself again keeps what it was asked with', () => {
  const page = servicePage({ nowMs: NIGHT, service: serviceOf(), series: [], barMs: 15_000, log: [] });

  const still = document(page, { nowMs: NIGHT, query: new URLSearchParams('revision=web-1') });
  const loading = document(page, { nowMs: NIGHT, query: new URLSearchParams('revision=web-1&refresh=5') });

  expect(still).toContain('href="/console/services/p/r/web?revision=web-1&amp;refresh=5"');
  expect(loading).toContain('<meta http-equiv="refresh" content="5" />');
  expect(loading).toContain('href="/console/services/p/r/web?revision=web-1"');
});

test('a revision tells within what time nearly all of its answers came', () => {
  const service = serviceOf({
    revisions: [
      revisionOf({ name: 'web-3', slowestMs: 200 }),
      revisionOf({ name: 'web-2', slowestMs: Infinity }),
      revisionOf(),
    ],
  });

  const said = textOf(servicePage({ nowMs: NIGHT, service, series: [], barMs: 15_000, log: [] }).main);

  expect(said).toMatch(/web-3 .* 200 ms 1 [^]*web-2 .* over 60 s 1 [^]*web-1 .* – 1 /);
});

const pool: WorkerPoolFacts = {
  id: 'projects/p/locations/r/workerPools/queue',
  name: 'queue',
  region: 'r',
  state: { tone: 'bad', word: 'Not ready' },
  message: 'The container exited with an error.',
  instances: 3,
  newest: 'queue-00001-abc',
  image: 'localhost:5000/queue',
  conditions: [],
};

test('worker pools are listed where there are any', () => {
  expect(textOf(overviewPage({ ...nothing, workerPools: [pool] }).main)).toContain(
    'queue r ▲ Not ready 3 queue-00001-abc localhost:5000/queue',
  );
  expect(textOf(overviewPage(nothing).main)).not.toContain('Worker pools');
});

test('a worker pool says why it is not ready, how many instances it is to have and what they wrote', () => {
  const log = [{ timeMs: NIGHT, stream: 'stdout', text: 'working' }] as const;
  const revisions = ['queue-00002-def', 'queue-00001-abc'];
  const report = { nowMs: NIGHT, pool, revisions, chosen: 'queue-00001-abc', log };

  const said = textOf(workerPoolPage(report).main);

  expect(said).toContain('▲ Not ready worker pool in r The container exited with an error.');
  expect(said).toContain(
    'It is to have 3 instances. Its newest revision queue-00001-abc runs localhost:5000/queue.',
  );
  expect(said).toContain('queue-00002-def\nqueue-00001-abc\nNewest last.');
  expect(said).toContain('02:14:05 stdout working');
});
