import type { LoggedCall } from '../../http/call-log.ts';
import { CALLS } from '../addresses.ts';
import type { State } from '../facts/state.ts';
import { html, type Html } from '../html.ts';
import type { Page } from '../layout.ts';
import { stateMark } from '../parts/state-mark.ts';
import { table } from '../parts/table.ts';
import { clock } from '../parts/time.ts';
import { count } from '../words.ts';

const SHOWN = 200;

/** The newest calls whose method and path hold a text, of the log, which is given oldest first. */
export function callsPage(calls: readonly LoggedCall[], find = ''): Page {
  const found = calls.filter(({ method, path }) => `${method} ${path}`.includes(find));
  const shown = found.slice(-SHOWN).reverse();
  return {
    title: 'Calls',
    path: CALLS,
    main: html`<h1>Calls</h1>
      <form class="fields" method="get" action="${CALLS}" role="search">
        <label
          >Only where method and path hold
          <input type="text" name="find" value="${find}" autocomplete="off" spellcheck="false"
        /></label>
        <button type="submit">Find</button>
      </form>
      <p class="note">
        ${shown.length < calls.length ? `${count(shown.length)} of ${count(calls.length)} calls. ` : undefined}All
        as JSON: <a href="/-/calls">/-/calls</a>
      </p>
      ${table({
        caption: 'Calls of the API, newest first',
        columns: [
          { label: 'Time' },
          { label: 'Method' },
          { label: 'Path', kind: 'prose' },
          { label: 'Answer' },
          { label: 'Took, ms', kind: 'number' },
          { label: 'Permission', kind: 'prose' },
          { label: 'Fault' },
        ],
        rows: shown.map((call) => [
          clock(call.timeMs),
          call.method,
          html`<code>${call.path}</code>`,
          answer(call),
          call.durationMs === undefined ? undefined : count(call.durationMs),
          call.permission === undefined ? undefined : html`<code>${call.permission}</code>`,
          call.fault,
        ]),
        empty: calls.length === 0 ? 'No call yet.' : 'No call holds that.',
      })}`,
  };
}

function answer({ status }: LoggedCall): Html {
  return stateMark(
    status === undefined
      ? { tone: 'bad', word: 'Broken off' }
      : { tone: toneOf(status), word: String(status) },
  );
}

function toneOf(status: number): State['tone'] {
  if (status >= 500) return 'bad';
  return status >= 400 ? 'busy' : 'good';
}
