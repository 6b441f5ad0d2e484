import { describe, expect, test } from '@jest/globals';

import { testRegistry } from '../data/test-registry.ts';
import { callApi } from '../test-api.ts';
import { testCloud } from '../test-client.ts';

interface Entry {
  readonly insertId: string;
  readonly timestamp: string;
  readonly textPayload?: string;
  readonly severity?: string;
}

interface Page {
  readonly status: number;
  readonly entries: readonly Entry[];
  readonly next: string | undefined;
  readonly message: string | undefined;
}

/** A cloud in which a job `batch` runs this program once to its end; `list` is one call of `entries:list`. */
async function loggedCloud(program: string) {
  const registry = await testRegistry();
  const image = await registry.add('batch', {
    layers: [{ 'app/main.mjs': program }],
    config: { Entrypoint: ['/usr/local/bin/node', '/app/main.mjs'] },
  });
  const t = await testCloud({ containers: 'process' });
  await t.write('POST', 'jobs?jobId=batch', {
    template: { template: { containers: [{ image }], maxRetries: 0 } },
  });
  const list = async (body: object): Promise<Page> => {
    const answer = await callApi(t.cloud, {
      method: 'POST',
      path: '/v2/entries:list',
      body: { resourceNames: ['projects/p'], ...body },
      answers: 'google.logging.v2.ListLogEntriesResponse',
    });
    const { entries = [], nextPageToken, error } = answer.body;
    return {
      status: answer.status,
      entries: entries as readonly Entry[],
      next: nextPageToken,
      message: error?.message,
    };
  };
  return {
    ...t,
    list,
    run: async () =>
      (await t.write('POST', 'jobs/batch:run', {})).body.response?.name?.split('/').at(-1) ?? '',
    [Symbol.asyncDispose]: async () => {
      await t.cloud.close();
      await registry[Symbol.asyncDispose]();
    },
  };
}

const STDOUT = 'logName="projects/p/logs/run.googleapis.com%2Fstdout"';

test('a program that writes while it is tailed loses no line and doubles none', async () => {
  await using t = await loggedCloud(`
    for (let line = 0; line < 3000; line += 1) {
      console.log('line ' + line);
      if (line % 50 === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    }
  `);

  const [seen] = await Promise.all([tail(t, 3_000), t.run()]);

  expect(seen.map(({ textPayload }) => textPayload)).toEqual(
    Array.from({ length: 3_000 }, (_, line) => `line ${line}`),
  );
  expect(new Set(seen.map(({ insertId }) => insertId)).size).toBe(3_000);
});

/** Asks for what came after the newest entry, again and again, until there are so many; then once more. */
async function tail(
  { list }: { readonly list: (body: object) => Promise<Page> },
  count: number,
): Promise<readonly Entry[]> {
  const seen: Entry[] = [];
  for (let more = true; more;) {
    const last = seen.at(-1)?.timestamp ?? '1970-01-01T00:00:00Z';
    const { entries } = await list({ filter: `${STDOUT} timestamp>"${last}"`, pageSize: 37 });
    more = seen.length < count || entries.length > 0;
    seen.push(...entries);
  }
  return seen;
}

test('a page token goes on after the entry before it, however many come in between', async () => {
  await using t = await loggedCloud(`for (const n of [1, 2, 3, 4, 5]) console.log(n);`);
  await t.run();

  const first = await t.list({ filter: STDOUT, pageSize: 3 });
  await t.run();
  const second = await t.list({ filter: STDOUT, pageSize: 100, pageToken: first.next });
  const newest = await t.list({ filter: STDOUT, pageSize: 2, orderBy: 'timestamp desc' });
  const older = await t.list({
    filter: STDOUT,
    pageSize: 2,
    orderBy: 'timestamp desc',
    pageToken: newest.next,
  });

  expect(textsOf(first)).toEqual(['1', '2', '3']);
  expect(textsOf(second)).toEqual(['4', '5', '1', '2', '3', '4', '5']);
  expect([...textsOf(newest), ...textsOf(older)]).toEqual(['5', '4', '3', '2']);
});

function textsOf({ entries }: Page): readonly (string | undefined)[] {
  return entries.map(({ textPayload }) => textPayload);
}

test('a line that is JSON has its severity and is looked into; stderr and the platform have logs of their own', async () => {
  await using t = await loggedCloud(`
    console.log(JSON.stringify({ severity: 'error', message: 'no database', attempt: 3 }));
    console.log(JSON.stringify({ severity: 'weird', message: 'x' }));
    console.log('{ not json');
    console.error('to stderr');
  `);
  const execution = await t.run();

  const errors = await t.list({ filter: 'severity>=ERROR AND jsonPayload.message:"database"' });
  const weird = await t.list({ filter: 'jsonPayload.severity="weird"' });
  const text = await t.list({ filter: 'textPayload:"not json" OR textPayload="to stderr"' });
  const names = await callApi(t.cloud, {
    path: '/v2/projects/p/logs',
    answers: 'google.logging.v2.ListLogsResponse',
  });

  expect(errors.entries).toMatchObject([
    {
      logName: 'projects/p/logs/run.googleapis.com%2Fstdout',
      severity: 'ERROR',
      jsonPayload: { message: 'no database', attempt: 3 },
      resource: {
        type: 'cloud_run_job',
        labels: { project_id: 'p', location: 'r', job_name: 'batch' },
      },
      labels: { 'run.googleapis.com/execution_name': execution },
    },
  ]);
  expect(weird.entries).toMatchObject([{ jsonPayload: { severity: 'weird', message: 'x' } }]);
  expect(textsOf(text)).toEqual(expect.arrayContaining(['{ not json', 'to stderr']));
  expect(names.body['logNames']).toEqual([
    'projects/p/logs/run.googleapis.com%2Fstderr',
    'projects/p/logs/run.googleapis.com%2Fstdout',
    'projects/p/logs/run.googleapis.com%2Fvarlog%2Fsystem',
  ]);
});

describe('entries are found', () => {
  test.each([
    ['resource.type="cloud_run_job" AND resource.labels.job_name="batch"', 1],
    ['resource.type="cloud_run_revision"', 0],
    ['labels."run.googleapis.com/execution_name":"batch-"', 1],
    ['resource.labels.job_name="other"', 0],
    ['severity=DEFAULT', 1],
    ['timestamp>="2000-01-01T00:00:00Z" timestamp<"2999-01-01T00:00:00.123456789Z"', 1],
    ['timestamp>"2999-01-01T00:00:00Z"', 0],
    ['"HELLO"', 1],
  ])('by %s: %i', async (filter, count) => {
    await using t = await loggedCloud(`console.log('hello')`);
    await t.run();

    expect((await t.list({ filter: `${STDOUT} AND ${filter}` })).entries).toHaveLength(count);
  });

  test('in their own project alone', async () => {
    await using t = await loggedCloud(`console.log('hello')`);
    await t.run();

    expect((await t.list({ resourceNames: ['projects/other'] })).entries).toEqual([]);
  });
});

describe('a query is refused', () => {
  test.each([
    [{ filter: 'severity=' }, 'Unparseable filter: syntax error at line 1, column 10, the end of the filter'],
    [{ filter: 'severity>=LOUD' }, 'Unparseable filter: "LOUD" is no severity'],
    [
      { filter: 'timestamp>"now"' },
      'Unparseable filter: "now" is no timestamp such as "2026-11-21T08:00:00Z"',
    ],
    [{ filter: 'colour="red"' }, 'Unparseable filter: field "colour" is not known'],
    [{ resourceNames: [] }, 'At least one resource name must be given.'],
    [{ resourceNames: ['p'] }, 'Resource name "p" must be of the form projects/[PROJECT_ID].'],
    [{ resourceNames: 'projects/p' }, `Invalid value at 'resource_names[0]' (TYPE_STRING), "projects/p"`],
    [{ orderBy: 'severity' }, 'order_by must be "timestamp asc" or "timestamp desc", got "severity"'],
    [{ pageSize: -1 }, 'page_size must not be negative, got -1'],
    [{ pageSize: 'many' }, `Invalid value at 'page_size' (TYPE_INT32), "many"`],
    [{ pageToken: '!' }, "page_token '!' is not valid"],
    [{ colour: 1 }, 'Invalid JSON payload received. Unknown name "colour": Cannot find field.'],
  ])('%j', async (body, message) => {
    await using t = await testCloud();

    const refused = await callApi(t.cloud, {
      method: 'POST',
      path: '/v2/entries:list',
      body: { resourceNames: ['projects/p'], ...body },
    });

    expect([refused.status, refused.body.error?.status]).toEqual([400, 'INVALID_ARGUMENT']);
    expect(refused.body.error?.message).toBe(message);
  });
});
