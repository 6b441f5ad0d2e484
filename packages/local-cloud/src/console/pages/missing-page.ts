import { OVERVIEW } from '../addresses.ts';
import { html } from '../html.ts';
import type { Page } from '../layout.ts';

/** `what` names what is not there (any more). */
export function missingPage(what: string): Page {
  return {
    title: 'Not found',
    path: OVERVIEW,
    main: html`<h1>Not found</h1>
      <p>There is no ${what}. <a href="${OVERVIEW}">Back to the overview</a></p>`,
  };
}
