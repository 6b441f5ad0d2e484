import type { LogLine } from '../../data-plane.ts';
import { html, type Html } from '../html.ts';
import { clockTime, count } from '../words.ts';

const SHOWN = 200;

/** The last lines, newest last; each says by word where it comes from, and from which container where there are several. */
export function logLines(lines: readonly LogLine[], label: string): Html {
  if (lines.length === 0) return html`<p class="empty">No line yet.</p>`;
  const shown = lines.slice(-SHOWN);
  return html`<p class="note">
      ${lines.length > SHOWN ? `The last ${SHOWN} of ${count(lines.length)} lines, newest last.` : 'Newest last.'}
    </p>
    <div class="log" role="region" aria-label="${label}" tabindex="0" data-follow="yes">
      <ol>
        ${shown.map(
          ({ timeMs, stream, container, text }) =>
            html`<li class="${stream}">
              <time datetime="${new Date(timeMs).toISOString()}">${clockTime(timeMs)}</time>
              <span class="stream">${container === undefined ? stream : `${container} ${stream}`}</span>
              <span class="line">${text}</span>
            </li>`,
        )}
      </ol>
    </div>`;
}
