import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';

import { canary, move, row, SERVICE } from './canary.ts';
import { CHROMIUM, describeIn, openTab } from './test-browser.ts';

describeIn(CHROMIUM, () => {
  let browser: Browser;

  beforeAll(async () => {
    browser = await CHROMIUM.launch();
  });

  afterAll(() => browser.close());

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
});
