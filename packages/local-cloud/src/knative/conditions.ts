import type { Condition } from '../control/resources.ts';
import { listOf, type Message } from './mapping.ts';

/** Conditions as v1 says them: `True`, `False` or `Unknown`, reasons in one word. */
export function conditionsToV1(conditions: unknown): readonly Message[] {
  return (listOf(conditions) as readonly Condition[]).map(conditionToV1);
}

function conditionToV1(condition: Condition): Message {
  const { type, state, message, lastTransitionTime } = condition;
  const reason = condition.reason ?? condition.revisionReason ?? condition.executionReason;
  const severity = severityOf(condition);
  return {
    type,
    status: state === 'CONDITION_SUCCEEDED' ? 'True' : state === 'CONDITION_FAILED' ? 'False' : 'Unknown',
    ...(reason === undefined ? {} : { reason: oneWord(reason) }),
    ...(message === undefined ? {} : { message }),
    ...(lastTransitionTime === undefined ? {} : { lastTransitionTime }),
    ...(severity === undefined ? {} : { severity }),
  };
}

/** v1 marks a revision's activity as information even where v2 has nothing to say of it. */
function severityOf({ type, severity }: Condition): string | undefined {
  if (severity === undefined) return type === 'Active' ? 'Info' : undefined;
  return oneWord(severity);
}

/** `CONTAINER_MISSING` as `ContainerMissing`. */
function oneWord(constant: string): string {
  return constant
    .split('_')
    .map((word) => `${word.slice(0, 1)}${word.slice(1).toLowerCase()}`)
    .join('');
}
