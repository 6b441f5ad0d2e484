import { existsSync } from 'node:fs';

import { describe } from '@jest/globals';
import { type Browser, type BrowserContextOptions, chromium, firefox, type Page } from 'playwright-core';

/** For tests: a browser of this machine. */
export interface KnownBrowser {
  readonly name: 'Chromium' | 'Firefox';
  /** Undefined where the machine has none. */
  readonly path: string | undefined;
  readonly launch: () => Promise<Browser>;
}

/** That of the environment variable `CHROMIUM` goes first. */
export const CHROMIUM: KnownBrowser = {
  name: 'Chromium',
  path: firstThere('CHROMIUM', ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome']),
  launch: () => {
    // A sandbox of its own cannot be made by root.
    const args = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
    return chromium.launch({ executablePath: CHROMIUM.path ?? '', args });
  },
};

/** That of the environment variable `FIREFOX` goes first. An unpatched one, driven by WebDriver BiDi. */
export const FIREFOX: KnownBrowser = {
  name: 'Firefox',
  path: firstThere('FIREFOX', ['/usr/bin/firefox', '/usr/bin/firefox-esr']),
  launch: () => firefox.launch({ channel: 'moz-firefox', executablePath: FIREFOX.path ?? '' }),
};

/** Registers tests that need the browser: skipped, with the reason in the name, where it is not there. */
export function describeIn({ name, path }: KnownBrowser, tests: () => void): void {
  if (path !== undefined) describe(`in ${name}`, tests);
  else
    describe.skip(
      `in ${name} (skipped: none is on this machine; install one or set ${name.toUpperCase()})`,
      tests,
    );
}

function firstThere(variable: string, paths: readonly string[]): string | undefined {
  return [process.env[variable] ?? '', ...paths].find((path) => path !== '' && existsSync(path));
}

/** For tests: a page and all that it did that a person's page should not do. */
export interface Tab extends AsyncDisposable {
  readonly page: Page;
  /** Errors of the page and in its console. */
  readonly errors: readonly string[];
  /** Every address that was asked for. */
  readonly asked: readonly string[];
}

export async function openTab(browser: Browser, options: BrowserContextOptions = {}): Promise<Tab> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
  const page = await context.newPage();
  const errors: string[] = [];
  const asked: string[] = [];
  page.on('pageerror', ({ message }) => errors.push(message));
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) errors.push(message.text());
  });
  page.on('request', (request) => asked.push(request.url()));
  return { page, errors, asked, [Symbol.asyncDispose]: () => context.close() };
}
