import { FAULTS } from '../addresses.ts';
import type { FaultFacts } from '../facts/fault-facts.ts';
import { CHOICES } from '../fault-form.ts';
import { html, type Html } from '../html.ts';
import type { Page } from '../layout.ts';
import { activeFaults } from '../parts/active-faults.ts';

export interface FaultReport {
  readonly faults: readonly FaultFacts[];
  readonly token: string;
  /** Why the form was not taken. */
  readonly problem?: string;
}

export function faultsPage({ faults, token, problem }: FaultReport): Page {
  return {
    title: 'Faults',
    path: FAULTS,
    main: html`<h1>Faults</h1>
      <section aria-labelledby="active">
        <h2 id="active">In force</h2>
        ${activeFaults(faults, { token, back: FAULTS })}
      </section>
      <section aria-labelledby="add">
        <h2 id="add">Add a fault</h2>
        ${problem === undefined ? undefined : html`<p class="problem" role="alert">${problem}</p>`}
        ${addForm(token)}
        <p class="note">
          Calls that only look are left alone. For a fault of any other kind: <code>POST /-/faults</code>.
        </p>
      </section>`,
  };
}

function addForm(token: string): Html {
  return html`<form class="fields" method="post" action="${FAULTS}/add">
    <input type="hidden" name="token" value="${token}" />
    <label
      >What happens
      <select name="choice" required="">
        ${CHOICES.map(({ id, label }) => html`<option value="${id}">${label}</option>`)}
      </select></label
    >
    <label
      >Only where the path or name holds
      <input type="text" name="contains" autocomplete="off" spellcheck="false" placeholder="services/web"
    /></label>
    <label
      >From which one on <input type="number" name="nth" value="1" min="1" max="10000" required=""
    /></label>
    <label>How many <input type="number" name="times" value="1" min="1" max="10000" required="" /></label>
    <button type="submit">Add fault</button>
  </form>`;
}
