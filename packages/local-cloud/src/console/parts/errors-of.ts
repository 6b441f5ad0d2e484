import type { RevisionFacts } from '../facts/revision-facts.ts';
import { html, type Html } from '../html.ts';
import { clockTime, count, percentOf } from '../words.ts';

/** The errors of a revision with their share of its requests, and since when as long as they go on. */
export function errorsOf({ recent, erring }: RevisionFacts): Html {
  if (recent.errors === 0 && erring === undefined) return html`0`;
  const share = percentOf(recent.errors, recent.requests);
  const since = erring === undefined ? undefined : `since ${clockTime(erring.sinceMs)}`;
  return html`<span class="bad"
    >${count(recent.errors)} <span class="detail">${share}</span> <span class="since">${since}</span></span
  >`;
}
