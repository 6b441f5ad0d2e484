import { request } from 'node:http';

import { expect, test } from '@jest/globals';

import { serviceBody, testCloud, type TestCloud } from '../test-client.ts';
import { CHOICES } from './fault-form.ts';

interface Seen {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly text: string;
}

async function get(t: TestCloud, path: string): Promise<Seen> {
  const response = await fetch(`${t.cloud.url}${path}`, { redirect: 'manual' });
  return {
    status: response.status,
    headers: Object.fromEntries(response.headers),
    text: await response.text(),
  };
}

/** A form sent as a browser does, from a page of `origin`. */
async function send(
  t: TestCloud,
  path: string,
  { origin = t.cloud.url, ...fields }: Readonly<Record<string, string>>,
): Promise<number> {
  const response = await fetch(`${t.cloud.url}${path}`, {
    method: 'POST',
    redirect: 'manual',
    headers: origin === '' ? {} : { origin },
    body: new URLSearchParams(fields),
  });
  return response.status;
}

async function tokenOf(t: TestCloud): Promise<string> {
  const { text } = await get(t, '/console/faults');
  return /name="token" value="([^"]+)"/.exec(text)?.[1] ?? '';
}

const goodFault = { choice: 'answer-503-apply-nothing', contains: '', nth: '1', times: '1' };

test('the address of the APIs shows a person the overview', async () => {
  await using t = await testCloud();
  await t.write('POST', 'services?serviceId=web', serviceBody());

  const page = await get(t, '/');

  expect(page.status).toBe(200);
  expect(page.headers['content-type']).toBe('text/html; charset=utf-8');
  expect(page.text).toContain('<a href="/console/services/p/r/web">web</a>');
});

test('a revision that did not start is told in the words of Cloud Run, without the address of a log that is not there', async () => {
  await using t = await testCloud();
  t.cloud.addFaults({
    match: { service: 'web' },
    effect: 'start-fails',
    message: 'Container called exit(1).',
  });
  await t.write('POST', 'services?serviceId=web', serviceBody()).catch(() => undefined);

  const { text } = await get(t, '/');

  expect(text).toMatch(/web is not ready: .*Container called exit\(1\)\.\s*<\/a>/);
  expect(text).not.toContain('console.cloud.google.com');
});

test('a page runs nothing and loads nothing but its own', async () => {
  await using t = await testCloud();

  const { headers, text } = await get(t, '/');

  expect(headers['content-security-policy']).toMatch(
    /^default-src 'none'; script-src 'sha256-[\w+/]+='; style-src 'sha256-[\w+/]+='; img-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'$/,
  );
  expect(text).not.toMatch(/(?:src|href)="(?:https?:)?\/\//);
});

test('a worker pool is reached from the overview, and its revisions from its page', async () => {
  await using t = await testCloud();
  const pool = (image: string) => ({ template: { containers: [{ image }] } });
  await t.write('POST', 'workerPools?workerPoolId=mailer', pool('localhost:5000/mailer:1'));
  await t.write('PATCH', 'workerPools/mailer', pool('localhost:5000/mailer:2'));

  const overview = await get(t, '/');
  const page = await get(t, '/console/worker-pools/p/r/mailer');
  const chosen = (text: string) =>
    /revision=(mailer-0000\d-[a-z0-9]+)#log" aria-current="true"/.exec(text)?.[1];
  const first = /mailer-00001-[a-z0-9]+/.exec(page.text)?.[0] ?? '';
  const older = await get(t, `/console/worker-pools/p/r/mailer?revision=${first}`);

  expect(overview.text).toContain('<a href="/console/worker-pools/p/r/mailer">mailer</a>');
  expect(page.text).toContain('<code>localhost:5000/mailer:2</code>');
  expect(chosen(page.text)).toMatch(/^mailer-00002-/);
  expect(chosen(older.text)).toBe(first);
});

test.each([
  '/console/nothing',
  '/console/services/p/r/web',
  '/console/jobs/p/r/migrate',
  '/console/worker-pools/p/r/mailer',
  '/console/executions/p/r/migrate/migrate-1',
])('what is not there is said as a page: %s', async (path) => {
  await using t = await testCloud();

  const page = await get(t, path);

  expect(page.status).toBe(404);
  expect(page.text).toContain(`There is no page ${path}.`);
});

test('a look at the console is no call and is hit by no fault', async () => {
  await using t = await testCloud();
  t.cloud.addFaults({ match: {}, effect: 'status', status: 503 });

  const page = await get(t, '/');

  expect(page.status).toBe(200);
  expect(t.cloud.calls()).toEqual([]);
});

test('the paths of the APIs stay theirs', async () => {
  await using t = await testCloud();

  const answer = await t.call('GET', 'services/web');
  const bucket = await get(t, '/storage/v1/b/console/o/none');

  expect(answer.status).toBe(404);
  expect(bucket.headers['content-type']).toMatch(/^application\/json/);
});

test('a fault is added and cleared by the forms of the console', async () => {
  await using t = await testCloud();
  const token = await tokenOf(t);

  const added = await send(t, '/console/faults/add', { ...goodFault, token });
  const hit = await t.call('POST', 'services?serviceId=web', serviceBody());
  const shown = await get(t, '/console/faults');
  const cleared = await send(t, '/console/faults/clear', { token });
  const after = await get(t, '/console/faults');

  expect([added, hit.status, cleared]).toEqual([303, 503, 303]);
  expect(shown.text).toMatch(/Refused, nothing is applied\s*<div class="detail">status 503, nth 1, times 1</);
  expect(after.text).toContain('Nothing is to go wrong.');
});

test.each(CHOICES)('"$label" is taken as a fault', async ({ id }) => {
  await using t = await testCloud();
  const token = await tokenOf(t);

  const added = await send(t, '/console/faults/add', {
    ...goodFault,
    choice: id,
    contains: 'services/web',
    token,
  });
  const shown = await get(t, '/console/faults');

  expect(added).toBe(303);
  expect(shown.text).toContain('Clear all faults');
});

test.each([
  ['without the token', { ...goodFault }],
  ['with another token', { ...goodFault, token: 'x'.repeat(32) }],
  ['from a page of somebody else', { ...goodFault, origin: 'http://elsewhere.example' }],
  ['from a page that hides where it is', { ...goodFault, origin: 'null' }],
  ['without an origin', { ...goodFault, origin: '' }],
])('a form %s is refused and changes nothing', async (_, fields) => {
  await using t = await testCloud();
  const token = await tokenOf(t);

  const status = await send(t, '/console/faults/add', { token: 'origin' in fields ? token : '', ...fields });
  const shown = await get(t, '/console/faults');

  expect(status).toBe(403);
  expect(shown.text).toContain('Nothing is to go wrong.');
});

test.each([
  ['no choice', { choice: 'all-is-well' }, 'choose what is to happen'],
  [
    'no number',
    { nth: 'x' },
    '&quot;From which one on&quot; must be a whole number from 1 to 10000, got &quot;x&quot;',
  ],
  ['none', { times: '0' }, '&quot;How many&quot; must be a whole number from 1 to 10000, got &quot;0&quot;'],
])('a form with %s says what is wrong with it and adds nothing', async (_, fields, problem) => {
  await using t = await testCloud();
  const token = await tokenOf(t);

  const response = await fetch(`${t.cloud.url}/console/faults/add`, {
    method: 'POST',
    headers: { origin: t.cloud.url },
    body: new URLSearchParams({ ...goodFault, ...fields, token }),
  });
  const text = await response.text();

  expect(text).toContain(problem);
  expect(text).toContain('Nothing is to go wrong.');
});

test('a host name that only resolves to this machine sees nothing', async () => {
  await using t = await testCloud();

  const status = await new Promise<number | undefined>((resolve, reject) => {
    request(t.cloud.url, { headers: { host: 'elsewhere.example' } }, (response) => {
      response.resume();
      resolve(response.statusCode);
    })
      .once('error', reject)
      .end();
  });

  expect(status).toBe(403);
});

test('what was given to a fault is shown as text', async () => {
  await using t = await testCloud();
  const token = await tokenOf(t);

  await send(t, '/console/faults/add', { ...goodFault, contains: '<img src=x>', token });
  const { text } = await get(t, '/');

  expect(text).not.toContain('<img');
  expect(text).toContain('&lt;img src=x&gt;');
});
