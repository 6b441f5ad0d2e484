import { objectsIn, textIn, type Wire } from './wire.ts';

export interface Condition {
  readonly type: string;
  readonly state: 'PENDING' | 'RECONCILING' | 'FAILED' | 'SUCCEEDED' | 'UNKNOWN';
  /** `INFO` conditions do not make the resource fail. */
  readonly severity?: string;
  /** Of whichever kind: common, revision or execution reason. */
  readonly reason?: string;
  readonly message?: string;
}

const STATES: readonly Condition['state'][] = ['PENDING', 'RECONCILING', 'FAILED', 'SUCCEEDED'];

export function conditionsIn(wire: Wire): readonly Condition[] {
  return objectsIn(wire, 'conditions').map(conditionOf);
}

export function conditionOf(wire: Wire): Condition {
  const reason = textIn(wire, 'reason') ?? textIn(wire, 'revisionReason') ?? textIn(wire, 'executionReason');
  const severity = textIn(wire, 'severity');
  const message = textIn(wire, 'message');
  const state = STATES.find((known) => textIn(wire, 'state') === `CONDITION_${known}`) ?? 'UNKNOWN';
  return {
    type: textIn(wire, 'type') ?? '',
    state,
    ...(severity === undefined ? {} : { severity }),
    ...(reason === undefined ? {} : { reason }),
    ...(message === undefined ? {} : { message }),
  };
}

/** The condition of a type, `undefined` when the server does not report it yet. */
export function conditionNamed(conditions: readonly Condition[], type: string): Condition | undefined {
  return conditions.find((condition) => condition.type === type);
}
