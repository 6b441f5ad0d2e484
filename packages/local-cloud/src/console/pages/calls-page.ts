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

/** The newest calls of the log, which is given oldest first. */
export function callsPage(calls: readonly LoggedCall[]): Page {
  const shown = calls.slice(-SHOWN).reverse();
  return {
    title: 'Calls',
    path: CALLS,
    main: html`<h1>Calls</h1>
      <p class="note">
        ${calls.length > SHOWN ? `The newest ${SHOWN} of ${count(calls.length)} calls. ` : undefined}As JSON:
        <a href="/-/calls">/-/calls</a>
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
        empty: 'No call yet.',
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
