import { OPERATIONS } from '../addresses.ts';
import type { OperationFacts } from '../facts/operation-facts.ts';
import { html } from '../html.ts';
import type { Page } from '../layout.ts';
import { operationTable } from '../parts/operation-table.ts';
import { count } from '../words.ts';

/** `total` is how many there are, shown or not. */
export function operationsPage(
  operations: readonly OperationFacts[],
  { total, nowMs }: { readonly total: number; readonly nowMs: number },
): Page {
  return {
    title: 'Operations',
    path: OPERATIONS,
    main: html`<h1>Operations</h1>
      ${
        total > operations.length
          ? html`<p class="note">The newest ${count(operations.length)} of ${count(total)}.</p>`
          : undefined
      }
      ${operationTable(operations, nowMs)}`,
  };
}
