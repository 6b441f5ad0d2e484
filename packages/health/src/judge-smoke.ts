import { objectOf, parsed } from './health-body.ts';
import type { Answered, ProbeAnswer, ProbeVerdict } from './probe.ts';
import { refusalOf } from './refusal.ts';

/** What one smoke check wants to see. */
export interface SmokeExpectation {
  readonly status: number;
  readonly contains?: string;
  /** Whether the answer must be GraphQL's: data, and no errors. */
  readonly isGraphql: boolean;
}

export function judgeSmoke(answer: ProbeAnswer, expected: SmokeExpectation): ProbeVerdict {
  if (answer.kind === 'unreachable') return { kind: 'inconclusive', because: answer.because };
  const faults = smokeFaults(answer, expected);
  if (faults.length === 0) return { kind: 'healthy', provenBy: 'nothing' };
  const refusal = refusalOf(answer);
  return refusal === undefined
    ? { kind: 'unhealthy', because: faults.join('; ') }
    : { kind: 'inconclusive', because: refusal };
}

function smokeFaults(answer: Answered, { status, contains, isGraphql }: SmokeExpectation): readonly string[] {
  return [
    ...(answer.status === status ? [] : [`answered ${answer.status}, expected ${status}`]),
    ...(contains === undefined || answer.body.includes(contains)
      ? []
      : [`the body does not contain "${contains}"`]),
    ...(isGraphql ? graphqlFaults(answer.body) : []),
  ];
}

function graphqlFaults(body: string): readonly string[] {
  const result = objectOf(parsed(body));
  if (result === undefined) return ['the body is not a GraphQL result'];
  const { data, errors } = result;
  if (Array.isArray(errors) && errors.length > 0) return [`GraphQL error: ${firstMessage(errors)}`];
  return objectOf(data) === undefined ? ['the GraphQL result has no data'] : [];
}

function firstMessage(errors: readonly unknown[]): string {
  const message = objectOf(errors[0])?.['message'];
  const more = errors.length > 1 ? ` (and ${errors.length - 1} more)` : '';
  return `${typeof message === 'string' ? message : 'without a message'}${more}`;
}
