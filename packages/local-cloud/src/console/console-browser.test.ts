import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';

import { REVISION } from '../control/resources.ts';
import { serviceBody, testCloud, type TestCloud } from '../test-client.ts';
import { hindrances } from './test-accessibility.ts';
import { chromiumPath, launchChromium, openTab } from './test-chromium.ts';

const withChromium =
  chromiumPath() === undefined
    ? {
        describe: describe.skip,
        name: 'in Chromium (skipped: none is on this machine; install one or set CHROMIUM)',
      }
    : { describe, name: 'in Chromium' };

const SERVICE = '/console/services/p/r/web';

/** A service whose second revision has a fifth of the traffic, after a hundred requests; and a job that has run. */
async function canary(): Promise<TestCloud> {
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
  await request(t, 100);
  return t;
}

function revision(name: string) {
  return serviceBody({
    template: { revision: name, containers: [{ image: `localhost:5000/web@sha256:${'1'.repeat(64)}` }] },
  });
}

function shares(one: number, two: number) {
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

function move(t: TestCloud, one: number, two: number) {
  return t.write('PATCH', 'services/web?updateMask=traffic', { traffic: shares(one, two) });
}

async function executionPath(t: TestCloud): Promise<string> {
  const { body } = await t.call('GET', 'jobs/migrate/executions');
  return `/console/executions/p/r/migrate/${body.executions?.[0]?.name?.split('/').at(-1) ?? ''}`;
}

function row(page: Page, name: string) {
  return page
    .getByRole('row')
    .filter({ has: page.getByRole('rowheader', { name }) })
    .first();
}

withChromium.describe(withChromium.name, () => {
  let browser: Browser;

  beforeAll(async () => {
    browser = await launchChromium();
  });

  afterAll(() => browser.close());

  test('the overview says where requests go, by words and numbers', async () => {
    await using t = await canary();
    await using tab = await openTab(browser);

    await tab.page.goto(t.cloud.url);

    const service = tab.page.getByRole('article', { name: 'Service web' });
    expect(await tab.page.getByRole('heading', { level: 1 }).innerText()).toBe('Overview');
    expect(await tab.page.getByRole('status', { name: 'Now' }).innerText()).toBe('●\nRequests arrive at web');
    expect(await row(tab.page, 'web-one').innerText()).toMatch(/80 %.*Serving/s);
    expect(await row(tab.page, 'web-two').innerText()).toMatch(/20 %.*Serving/s);
    expect(await service.getByRole('link', { name: /^http:/ }).getAttribute('href')).toBe(
      (await t.call('GET', 'services/web')).body.uri,
    );
    expect(await row(tab.page, 'migrate').innerText()).toMatch(/migrate-\w{5}\s+Succeeded|● Succeeded/);
  });

  test('a service shows its revisions, what was measured, its chart, its log and its conditions', async () => {
    await using t = await canary();
    await using tab = await openTab(browser);
    await tab.page.goto(t.cloud.url);

    await tab.page.getByRole('link', { name: 'web', exact: true }).first().click();

    const { page } = tab;
    expect(await page.getByRole('heading', { level: 1 }).innerText()).toBe('web');
    expect(await page.getByRole('img', { name: 'Requests and errors of web-one' }).count()).toBe(1);
    expect(await page.getByRole('img', { name: 'Requests and errors of web-two' }).count()).toBe(1);
    expect(await row(page, 'web-two').getByRole('link', { name: 'candidate' }).count()).toBe(1);
    expect(await row(page, 'web-two').innerText()).toContain('111111111111');
    expect(await page.getByRole('region', { name: 'Log of web-two' }).innerText()).toContain('system');
    expect(await row(page, 'RoutesReady').innerText()).toContain('Succeeded');
  });

  test('the numbers of the chart add up to the requests that were sent', async () => {
    await using t = await canary();
    await using tab = await openTab(browser);
    await tab.page.goto(`${t.cloud.url}${SERVICE}`);

    await tab.page.getByText('The numbers of the chart').click();

    const cells = await tab.page
      .getByRole('table', { name: /minute by minute/ })
      .getByRole('cell')
      .allInnerTexts();
    expect(cells.map(Number).reduce((sum, value) => sum + value, 0)).toBe(100);
  });

  test('an execution shows its tasks with attempts and exit codes', async () => {
    await using t = await canary();
    await using tab = await openTab(browser);

    await tab.page.goto(`${t.cloud.url}${await executionPath(t)}`);

    expect(await tab.page.getByRole('status').last().innerText()).toContain('2 of 2 tasks done');
    expect(await row(tab.page, '0').innerText()).toMatch(/Succeeded\s+1\s+code 0/);
    expect(await row(tab.page, '1').innerText()).toMatch(/Succeeded\s+1\s+code 0/);
  });

  test('a change of traffic shows by itself, and focus stays where it is', async () => {
    await using t = await canary();
    await using tab = await openTab(browser);
    await tab.page.goto(t.cloud.url);
    await tab.page.evaluate('isSamePage = true');
    await tab.page.getByRole('link', { name: 'web-two' }).focus();

    await move(t, 50, 50);
    await row(tab.page, 'web-two').getByText('50 %').waitFor();

    expect(await tab.page.evaluate('isSamePage')).toBe(true);
    expect(await tab.page.evaluate('document.activeElement.textContent')).toBe('web-two');
  });

  test('what a person has opened stays open while the page is live', async () => {
    await using t = await canary();
    await using tab = await openTab(browser);
    await tab.page.goto(`${t.cloud.url}${SERVICE}`);
    await tab.page.getByText('The changes of traffic').click();

    await move(t, 0, 100);

    await tab.page.getByRole('cell', { name: 'web-two 100 %', exact: true }).waitFor();
    expect(await tab.page.getByText('Changes of the live shares').isVisible()).toBe(true);
  });

  test.each([
    ['a person has paused it', (page: Page) => page.getByRole('button', { name: 'Pause updates' }).click()],
    [
      'its tab is hidden',
      (page: Page) =>
        page.evaluate(`
          Object.defineProperty(document, 'hidden', { value: true, configurable: true });
          document.dispatchEvent(new Event('visibilitychange'));
        `),
    ],
  ])('nothing is fetched while %s', async (_, stop) => {
    await using t = await canary();
    await using tab = await openTab(browser);
    await tab.page.clock.install();
    await tab.page.goto(t.cloud.url);
    await stop(tab.page);
    const before = tab.asked.length;

    await tab.page.clock.runFor(60_000);

    expect(tab.asked.slice(before)).toEqual([]);
  });

  test('a person who prefers reduced motion starts the updates', async () => {
    await using t = await canary();
    await using tab = await openTab(browser, { reducedMotion: 'reduce' });
    await tab.page.goto(t.cloud.url);

    await move(t, 50, 50);
    await tab.page.getByRole('button', { name: 'Resume updates' }).click();

    await row(tab.page, 'web-two').getByText('50 %').waitFor();
    expect(await tab.page.getByRole('button', { name: 'Pause updates' }).count()).toBe(1);
  });

  test('a cloud that is gone is said to be gone', async () => {
    await using t = await canary();
    await using tab = await openTab(browser);
    await tab.page.goto(t.cloud.url);

    await t.cloud.close();

    await tab.page.getByText('The local cloud does not answer.').waitFor();
  });

  test('without script the page can load itself anew, until a person stops it', async () => {
    await using t = await canary();
    await using tab = await openTab(browser, { javaScriptEnabled: false });
    const { page } = tab;
    await page.goto(t.cloud.url);

    await page.getByRole('link', { name: 'Refresh every 5 s' }).click();

    expect(await page.locator('meta[http-equiv=refresh]').getAttribute('content')).toBe('5');
    expect(await page.getByRole('button', { name: 'Pause' }).count()).toBe(0);
    expect(await page.getByRole('link', { name: 'Stop refreshing' }).getAttribute('href')).toBe('/');
  });

  test('everything is reached by keyboard, and focus is seen', async () => {
    await using t = await canary();
    await using tab = await openTab(browser);
    const { page } = tab;
    await page.goto(t.cloud.url);
    const focused = () =>
      page.evaluate(
        'document.activeElement.textContent + " " + getComputedStyle(document.activeElement).outlineStyle',
      );

    const stops: unknown[] = [];
    const press = async () => {
      await page.keyboard.press('Tab');
      stops.push(await focused());
    };
    await press();
    await press();
    await press();
    await press();
    await press();
    await press();
    await press();

    expect(stops).toEqual([
      'Skip to the content solid',
      'Overview solid',
      'Operations solid',
      'Faults solid',
      'Calls solid',
      'Pause updates solid',
      'Requests arrive at web solid',
    ]);
  });

  test('the first key press offers the way past the navigation', async () => {
    await using t = await canary();
    await using tab = await openTab(browser);
    const { page } = tab;
    await page.goto(t.cloud.url);

    await page.keyboard.press('Tab');
    const skip = page.getByRole('link', { name: 'Skip to the content' });
    const box = await skip.boundingBox();
    await page.keyboard.press('Enter');
    await page.keyboard.press('Tab');

    expect(box?.x).toBeGreaterThanOrEqual(0);
    expect(await page.evaluate('document.activeElement.textContent')).toBe('Requests arrive at web');
  });

  test('a fault is added, hits, and is cleared from the overview', async () => {
    await using t = await canary();
    await using tab = await openTab(browser);
    const { page } = tab;
    await page.goto(`${t.cloud.url}/console/faults`);

    await page.getByLabel('What happens').selectOption('Answer 429 with Retry-After 2');
    await page.getByLabel('Only where the path or name holds').fill('services/web');
    await page.getByRole('button', { name: 'Add fault' }).click();
    await page.getByRole('cell', { name: /services\/web/ }).waitFor();
    const hit = await t.call('PATCH', 'services/web?updateMask=traffic', { traffic: shares(50, 50) });
    await page.getByRole('link', { name: 'Overview' }).click();
    const active = await page.getByRole('table', { name: 'Faults in force' }).innerText();
    await page.getByRole('button', { name: 'Clear all faults' }).click();
    await page.getByRole('heading', { name: 'Active faults' }).waitFor({ state: 'detached' });

    expect(hit.status).toBe(429);
    expect(active).toContain('Answered 429, nothing is applied');
    expect(new URL(page.url()).pathname).toBe('/');
    expect(await page.getByText('Active faults').count()).toBe(0);
    expect((await move(t, 50, 50)).status).toBe(200);
  });

  describe.each([
    { colorScheme: 'light', width: 1280 },
    { colorScheme: 'dark', width: 1280 },
    { colorScheme: 'light', width: 390 },
    { colorScheme: 'dark', width: 390 },
  ] as const)('$colorScheme at $width', ({ colorScheme, width }) => {
    let t: TestCloud;

    beforeAll(async () => {
      t = await canary();
      t.cloud.addFaults({ match: { path: '/none' }, effect: 'fail-before' });
    });

    afterAll(() => t.cloud.close());

    test.each([
      ['the overview', () => '/'],
      ['a service', () => SERVICE],
      ['a job', () => '/console/jobs/p/r/migrate'],
      ['an execution', executionPath],
      ['the operations', () => '/console/operations'],
      ['the faults', () => '/console/faults'],
      ['the calls', () => '/console/calls'],
      ['what is not there', () => '/console/services/p/r/none'],
    ])('%s hinders nobody, and loads only from its own address', async (_, pathOf) => {
      await using tab = await openTab(browser, { colorScheme, viewport: { width, height: 900 } });

      await tab.page.goto(`${t.cloud.url}${await pathOf(t)}`);

      expect(await hindrances(tab.page)).toEqual([]);
      expect(tab.asked.filter((url) => new URL(url).origin !== t.cloud.url)).toEqual([]);
      expect(tab.errors.filter((text) => !text.includes('404'))).toEqual([]);
    });
  });
});
