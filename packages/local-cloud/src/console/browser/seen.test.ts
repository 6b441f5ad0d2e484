import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Browser } from 'playwright-core';

import { canary, executionPath, move, row, SERVICE, shares } from './canary.ts';
import { CHROMIUM, describeIn, openTab } from './test-browser.ts';

describeIn(CHROMIUM, () => {
  let browser: Browser;

  beforeAll(async () => {
    browser = await CHROMIUM.launch();
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
    expect(active).toContain('Refused, nothing is applied');
    expect(new URL(page.url()).pathname).toBe('/');
    expect(await page.getByText('Active faults').count()).toBe(0);
    expect((await move(t, 50, 50)).status).toBe(200);
  });
});
