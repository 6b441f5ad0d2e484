import { html, type Html } from '../html.ts';

/** Links of which one is where the person is. */
export function choice(
  label: string,
  options: readonly { readonly label: string; readonly path: string; readonly isChosen: boolean }[],
): Html {
  return html`<nav class="choice" aria-label="${label}">
    <ul>
      ${options.map(
        ({ label: text, path, isChosen }) =>
          html`<li><a href="${path}" aria-current="${isChosen ? 'true' : 'false'}">${text}</a></li>`,
      )}
    </ul>
  </nav>`;
}
