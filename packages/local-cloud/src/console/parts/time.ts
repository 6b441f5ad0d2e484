import { html, type Html } from '../html.ts';
import { clockTime, duration } from '../words.ts';

/** `02:14:05 · 3 min ago`; the full date is in the machine-readable part. */
export function moment(ms: number | undefined, nowMs: number): Html | undefined {
  if (ms === undefined) return undefined;
  return html`<span class="moment">${clock(ms)} <span class="age">${duration(nowMs - ms)} ago</span></span>`;
}

export function clock(ms: number): Html {
  return html`<time datetime="${new Date(ms).toISOString()}">${clockTime(ms)}</time>`;
}
