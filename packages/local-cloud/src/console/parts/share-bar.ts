import { html, type Html } from '../html.ts';

/** The live share as a bar and in words; a second mark stands where the service was told to be, as long as the two differ. */
export function shareBar({ live, desired }: { readonly live: number; readonly desired: number }): Html {
  const isThere = live === desired;
  return html`<div class="share">
      <svg class="bar" viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true" focusable="false">
        <rect class="track" width="100" height="8" />
        <rect class="fill" width="${live}" height="8" />
        ${isThere ? undefined : html`<rect class="aim" x="${Math.min(98, desired)}" width="2" height="8" />`}
      </svg>
      <span class="percent">${live} %</span>
    </div>
    ${isThere ? undefined : html`<div class="aimed">${desired} % asked for</div>`}`;
}
