import { type Condition, conditionNamed, conditionsIn } from './condition.ts';
import { shortName } from './names.ts';
import type { Container } from './template.ts';
import { objectsIn, optionalText, textIn, textsIn, type Wire } from './wire.ts';

export interface Revision {
  /** Short name. */
  readonly name: string;
  readonly createTime: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly containers: readonly Container[];
  readonly conditions: readonly Condition[];
  readonly reconciling: boolean;
  readonly logUri?: string;
}

/** Whether a revision can serve: a retired one, which has no traffic, is ready too. */
export type Readiness =
  | { readonly kind: 'ready' }
  | { readonly kind: 'failed'; readonly reason: string; readonly message: string }
  | { readonly kind: 'starting' };

export function revisionOf(wire: Wire): Revision {
  return {
    name: shortName(textIn(wire, 'name') ?? ''),
    createTime: textIn(wire, 'createTime') ?? '',
    labels: textsIn(wire, 'labels'),
    containers: objectsIn(wire, 'containers') as readonly unknown[] as readonly Container[],
    conditions: conditionsIn(wire),
    reconciling: wire['reconciling'] === true,
    ...optionalText(wire, 'logUri'),
  };
}

/**
 * By the condition Ready alone. Active is false for every revision without traffic, and the service's latest ready
 * revision may stay behind for one that was staged at 0 %.
 */
export function readinessOf({ conditions }: Pick<Revision, 'conditions'>): Readiness {
  const ready = conditionNamed(conditions, 'Ready');
  if (ready?.state === 'SUCCEEDED') return { kind: 'ready' };
  if (ready?.state !== 'FAILED') return { kind: 'starting' };
  const cause = conditions.find(({ state, severity, message }) => {
    return state === 'FAILED' && severity !== 'INFO' && message !== undefined;
  });
  const { reason, message } = ready.message === undefined ? (cause ?? ready) : ready;
  return { kind: 'failed', reason: reason ?? 'UNKNOWN', message: message ?? 'the API gives no message' };
}
