import { FAULTS } from '../addresses.ts';
import type { FaultFacts } from '../facts/fault-facts.ts';
import { html, type Html } from '../html.ts';
import { count } from '../words.ts';
import { table } from './table.ts';

export interface FormSetting {
  /** Proves that the form came from a page of this console. */
  readonly token: string;
  /** The page to return to. */
  readonly back: string;
}

/** The faults in force, with a button that clears each and one that clears them all. */
export function activeFaults(faults: readonly FaultFacts[], setting: FormSetting): Html {
  return html`${table({
    caption: 'Faults in force',
    columns: [
      { label: 'What happens' },
      { label: 'On', kind: 'prose' },
      { label: 'Fitted', kind: 'number' },
      { label: 'Hit', kind: 'number' },
      { label: 'Clear' },
    ],
    rows: faults.map(({ id, effect, details, on, seen, hits }) => [
      html`${effect}
        <div class="detail">${details}</div>`,
      html`<code>${on}</code>`,
      count(seen),
      count(hits),
      clearForm(`Clear ${id}`, setting, id),
    ]),
    empty: 'Nothing is to go wrong.',
  })}
  ${faults.length === 0 ? undefined : clearForm('Clear all faults', setting)}`;
}

function clearForm(label: string, { token, back }: FormSetting, id?: string): Html {
  return html`<form method="post" action="${FAULTS}/clear">
    <input type="hidden" name="token" value="${token}" />
    <input type="hidden" name="back" value="${back}" />
    ${id === undefined ? undefined : html`<input type="hidden" name="id" value="${id}" />`}
    <button type="submit">${label}</button>
  </form>`;
}
