import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';

import type { TestCloud } from '../../test-client.ts';
import { canary, executionPath, SERVICE } from './canary.ts';
import { hindrances } from './hindrances.ts';
import { CHROMIUM, describeIn, openTab } from './test-browser.ts';

/** What has the focus after each press of the tab key, and the style of the outline that shows it. */
async function stopsOf(page: Page, presses: number): Promise<readonly unknown[]> {
  const stops: unknown[] = [];
  for (let press = 0; press < presses; press += 1) {
    await page.keyboard.press('Tab');
    stops.push(
      await page.evaluate(
        'document.activeElement.textContent + " " + getComputedStyle(document.activeElement).outlineStyle',
      ),
    );
  }
  return stops;
}

describeIn(CHROMIUM, () => {
  let browser: Browser;

  beforeAll(async () => {
    browser = await CHROMIUM.launch();
  });

  afterAll(() => browser.close());

  test('everything is reached by keyboard, and focus is seen', async () => {
    await using t = await canary();
    await using tab = await openTab(browser);
    const { page } = tab;
    await page.goto(t.cloud.url);

    const stops = await stopsOf(page, 7);

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
      ['a worker pool', () => '/console/worker-pools/p/r/mailer'],
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
