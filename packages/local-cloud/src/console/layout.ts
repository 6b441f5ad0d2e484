import { CALLS, FAULTS, ICON, OPERATIONS, OVERVIEW } from './addresses.ts';
import type { State } from './facts/state.ts';
import { html, type Html, verbatim } from './html.ts';
import { LIVE_SCRIPT } from './live-script.ts';
import { STYLE } from './style.ts';
import { clockTime } from './words.ts';

export interface Page {
  readonly title: string;
  /** Its own address, to be fetched anew. */
  readonly path: string;
  /** The worst news on it: shown in the title, so that a tab in the background tells. */
  readonly tone?: State['tone'];
  readonly main: Html;
}

export interface Frame {
  readonly nowMs: number;
  /** What the page was asked with; `refresh=N` has it load itself again after so many seconds, for browsers without script. */
  readonly query?: URLSearchParams;
}

export function document(
  { title, path, tone, main }: Page,
  { nowMs, query = new URLSearchParams() }: Frame,
): string {
  const seconds = /^[1-9]\d?$/.exec(query.get('refresh') ?? '')?.[0];
  const page = html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        ${seconds === undefined ? undefined : html`<meta http-equiv="refresh" content="${seconds}" />`}
        <title>${tone === 'bad' ? '▲ ' : ''}${title} · Local cloud</title>
        <link rel="icon" href="${ICON}" type="image/svg+xml" />
        ${verbatim('style', STYLE)}
      </head>
      <body>
        <a class="skip" href="#main">Skip to the content</a>
        <header class="site">
          <p class="brand">Local cloud</p>
          <nav aria-label="Console">
            <ul>
              ${LINKS.map((link) => navLink(link, path))}
            </ul>
          </nav>
          <div class="live">
            <p><span id="updated">${clockTime(nowMs)}</span> UTC <span id="lost" role="status"></span></p>
            <button type="button" id="pause" hidden="">Pause</button>
            <noscript>${refreshLink(path, query)}</noscript>
          </div>
        </header>
        <main id="main" tabindex="-1">${main}</main>
        ${verbatim('script', LIVE_SCRIPT)}
      </body>
    </html>`;
  return page.text;
}

const LINKS = [
  { path: OVERVIEW, label: 'Overview' },
  { path: OPERATIONS, label: 'Operations' },
  { path: FAULTS, label: 'Faults' },
  { path: CALLS, label: 'Calls' },
] as const;

function navLink({ path, label }: (typeof LINKS)[number], current: string): Html {
  return html`<li><a href="${path}" aria-current="${path === current ? 'page' : 'false'}">${label}</a></li>`;
}

function refreshLink(path: string, query: URLSearchParams): Html {
  const other = new URLSearchParams(query);
  const isRefreshing = other.has('refresh');
  if (isRefreshing) other.delete('refresh');
  else other.set('refresh', '5');
  const text = other.toString();
  return html`<a href="${text === '' ? path : `${path}?${text}`}"
    >${isRefreshing ? 'Stop refreshing' : 'Refresh every 5 s'}</a
  >`;
}
