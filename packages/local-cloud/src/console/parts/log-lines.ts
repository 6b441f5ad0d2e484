import type { LogLine } from '../../data-plane.ts';
import { html, type Html } from '../html.ts';
import { clockTime, count } from '../words.ts';

const SHOWN = 200;

/** The last lines, newest last; each says by word where it comes from, and from which container where there are several. */
export function logLines(lines: readonly LogLine[], label: string): Html {
  if (lines.length === 0) return html`<p class="empty">No line yet.</p>`;
  const shown = lines.slice(-SHOWN);
  const areSeveral = shown.some(({ container }) => container !== undefined);
  return html`<p class="note">
      ${lines.length > SHOWN ? `The last ${SHOWN} of ${count(lines.length)} lines, newest last.` : 'Newest last.'}
    </p>
    <div
      class="${areSeveral ? 'log several' : 'log'}"
      role="region"
      aria-label="${label}"
      tabindex="0"
      data-follow="yes"
    >
      <ol>
        ${shown.map((line) => lineOf(line, areSeveral))}
      </ol>
    </div>`;
}

function lineOf({ timeMs, stream, container, text }: LogLine, areSeveral: boolean): Html {
  return html`<li class="${stream}">
    <time datetime="${new Date(timeMs).toISOString()}">${clockTime(timeMs)}</time>
    ${areSeveral ? html`<span class="container">${container ?? ''}</span>` : undefined}
    <span class="stream">${stream}</span> <span class="line">${text}</span>
  </li>`;
}
