import type { Notice } from '../headline.ts';
import { html, type Html } from '../html.ts';
import { shape } from './state-mark.ts';

/** The first thing on a page, and the one that a screen reader speaks when it changes. */
export function noticeList(notices: readonly Notice[]): Html {
  return html`<ul class="notices" role="status" aria-live="polite" aria-label="Now">
    ${notices.map(
      ({ tone, text, path }) => html`<li class="${tone}">${shape(tone)}<a href="${path}">${text}</a></li>`,
    )}
  </ul>`;
}
