import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Browser } from 'playwright-core';

import { canary, move, row, SERVICE } from './canary.ts';
import { hindrances } from './hindrances.ts';
import { describeIn, FIREFOX, openTab } from './test-browser.ts';

describeIn(FIREFOX, () => {
  let browser: Browser;

  beforeAll(async () => {
    browser = await FIREFOX.launch();
  });

  afterAll(() => browser.close());

  test.each(['/', SERVICE, '/console/faults', '/console/calls'])(
    'the page %s hinders nobody, and loads only from its own address',
    async (path) => {
      await using t = await canary();
      await using tab = await openTab(browser);

      await tab.page.goto(`${t.cloud.url}${path}`);

      expect(await hindrances(tab.page)).toEqual([]);
      expect(tab.asked.filter((url) => new URL(url).origin !== t.cloud.url)).toEqual([]);
      expect(tab.errors).toEqual([]);
    },
  );

  test('a change of traffic shows by itself, and focus stays where it is', async () => {
    await using t = await canary();
    await using tab = await openTab(browser);
    await tab.page.goto(t.cloud.url);
    await tab.page.getByRole('link', { name: 'web-two' }).focus();

    await move(t, 50, 50);
    await row(tab.page, 'web-two').getByText('50 %').waitFor();

    expect(await tab.page.evaluate('document.activeElement.textContent')).toBe('web-two');
    expect(tab.errors).toEqual([]);
  });

  test('the forms of the console are taken', async () => {
    await using t = await canary();
    await using tab = await openTab(browser);
    await tab.page.goto(`${t.cloud.url}/console/faults`);

    await tab.page.getByRole('button', { name: 'Add fault' }).click();
    await tab.page.getByRole('button', { name: 'Clear all faults' }).click();

    await tab.page.getByText('Nothing is to go wrong.').waitFor();
  });
});
