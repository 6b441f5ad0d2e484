import type { Locator, Page } from 'playwright-core';

import { REVISION } from '../../control/resources.ts';
import { serviceBody, testCloud, type TestCloud } from '../../test-client.ts';

export const SERVICE = '/console/services/p/r/web';

/** For tests: a service whose second revision has a fifth of the traffic, after a hundred requests; a job that has run; and a worker pool of two revisions. */
export async function canary(): Promise<TestCloud> {
  const t = await testCloud();
  await t.write('POST', 'services?serviceId=web', {
    ...revision('web-one'),
    traffic: [{ type: REVISION, revision: 'web-one', percent: 100 }],
  });
  await t.write('PATCH', 'services/web?updateMask=template,traffic', {
    ...revision('web-two'),
    traffic: shares(80, 20),
  });
  await t.write('POST', 'jobs?jobId=migrate', {
    template: { taskCount: 2, template: { containers: [{ image: 'localhost:5000/migrate' }] } },
  });
  await t.write('POST', 'jobs/migrate:run', {});
  const pool = (image: string) => ({ template: { containers: [{ image }] } });
  await t.write('POST', 'workerPools?workerPoolId=mailer', pool('localhost:5000/mailer:1'));
  await t.write('PATCH', 'workerPools/mailer', pool('localhost:5000/mailer:2'));
  await request(t, 100);
  return t;
}

function revision(name: string) {
  return serviceBody({
    template: { revision: name, containers: [{ image: `localhost:5000/web@sha256:${'1'.repeat(64)}` }] },
  });
}

export function shares(one: number, two: number) {
  return [
    { type: REVISION, revision: 'web-one', percent: one },
    { type: REVISION, revision: 'web-two', percent: two, tag: 'candidate' },
  ];
}

async function request(t: TestCloud, times: number): Promise<void> {
  const service = await t.call('GET', 'services/web');
  const one = async () => (await fetch(service.body.uri ?? '')).arrayBuffer();
  await Promise.all(Array.from({ length: times }, one));
}

/** Other shares for the two revisions; resolves when requests follow them. */
export function move(t: TestCloud, one: number, two: number) {
  return t.write('PATCH', 'services/web?updateMask=traffic', { traffic: shares(one, two) });
}

/** The page of the job's execution. */
export async function executionPath(t: TestCloud): Promise<string> {
  const { body } = await t.call('GET', 'jobs/migrate/executions');
  return `/console/executions/p/r/migrate/${body.executions?.[0]?.name?.split('/').at(-1) ?? ''}`;
}

/** The row that begins with the name. */
export function row(page: Page, name: string): Locator {
  return page
    .getByRole('row')
    .filter({ has: page.getByRole('rowheader', { name }) })
    .first();
}
