import { shortName } from '../../control/names.ts';
import { resourcePath } from '../addresses.ts';
import type { OperationFacts } from '../facts/operation-facts.ts';
import { html, type Html } from '../html.ts';
import { shortDigests } from '../words.ts';
import { stateMark } from './state-mark.ts';
import { table } from './table.ts';
import { moment } from './time.ts';

export function operationTable(operations: readonly OperationFacts[], nowMs: number): Html {
  return table({
    caption: 'Operations, newest first',
    columns: [
      { label: 'Works on' },
      { label: 'Kind' },
      { label: 'State' },
      { label: 'Written' },
      { label: 'Message', kind: 'prose' },
      { label: 'Operation' },
    ],
    rows: operations.map(({ kind, target, state, writtenMs, message, name }) => [
      linked(target),
      kind,
      stateMark(state),
      moment(writtenMs, nowMs),
      message === undefined ? undefined : shortDigests(message),
      html`<code>${name.slice(0, 8)}</code>`,
    ]),
    empty: 'No operation yet.',
  });
}

function linked(target: string): Html {
  const path = resourcePath(target);
  return path === undefined ? html`${shortName(target)}` : html`<a href="${path}">${shortName(target)}</a>`;
}
