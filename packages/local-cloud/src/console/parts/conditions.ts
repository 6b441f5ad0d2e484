import type { Condition } from '../../control/resources.ts';
import type { State } from '../facts/state.ts';
import type { Html } from '../html.ts';
import { stateMark } from './state-mark.ts';
import { table } from './table.ts';
import { moment } from './time.ts';

export function conditionTable(conditions: readonly Condition[], nowMs: number): Html {
  return table({
    caption: 'Conditions as the API tells them',
    columns: [
      { label: 'Condition' },
      { label: 'State' },
      { label: 'Since' },
      { label: 'Message', kind: 'prose' },
    ],
    rows: conditions.map((condition) => [
      condition.type,
      stateMark(stateOf(condition)),
      condition.lastTransitionTime === undefined
        ? undefined
        : moment(Date.parse(condition.lastTransitionTime), nowMs),
      [reasonOf(condition), condition.message].filter((text) => text !== undefined).join(': '),
    ]),
  });
}

function stateOf({ state, severity }: Condition): State {
  switch (state) {
    case 'CONDITION_SUCCEEDED':
      return { tone: 'good', word: 'Succeeded' };
    case 'CONDITION_FAILED':
      return { tone: severity === 'INFO' ? 'quiet' : 'bad', word: 'Failed' };
    case 'CONDITION_RECONCILING':
      return { tone: 'busy', word: 'Reconciling' };
    case 'CONDITION_PENDING':
      return { tone: 'quiet', word: 'Pending' };
  }
}

function reasonOf({ reason, revisionReason, executionReason }: Condition): string | undefined {
  return reason ?? revisionReason ?? executionReason;
}
