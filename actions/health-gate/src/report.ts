import type { ActionContext } from '@fairlead/action-kit';
import { overall, type Verdict } from '@fairlead/health';

import type { Candidate } from './candidate.ts';
import type { CheckFinding } from './check-smoke.ts';
import type { Finding } from './gate-candidate.ts';

/** One line of the report. */
export interface UnitReport extends Finding {
  readonly kind: Candidate['kind'];
  readonly url?: string;
  readonly revision?: string;
  readonly checks: readonly CheckFinding[];
}

/** The candidate's health and its checks as one: the first that is not healthy decides, unhealthy before inconclusive. */
export function combined(
  candidate: Candidate,
  finding: Finding,
  checks: readonly CheckFinding[],
): UnitReport {
  const revision = candidate.kind === 'worker' ? candidate.staged.revision : candidate.expected.revision;
  return {
    ...finding,
    verdict: worst(finding.verdict, checks),
    kind: candidate.kind,
    ...(candidate.kind === 'web' ? { url: candidate.url } : {}),
    ...(revision === undefined ? {} : { revision }),
    checks,
  };
}

function worst(verdict: Verdict, checks: readonly CheckFinding[]): Verdict {
  const unhealthy = checks.find((check) => check.verdict.kind === 'unhealthy');
  const failing = unhealthy ?? checks.find((check) => check.verdict.kind !== 'healthy');
  if (verdict.kind !== 'healthy' || failing === undefined || failing.verdict.kind === 'healthy')
    return verdict;
  const kind = failing === unhealthy ? 'unhealthy' : 'inconclusive';
  return { kind, because: `check "${failing.name}": ${failing.verdict.because}` };
}

/** Annotates each unit that is not healthy once, and writes outputs and summary. */
export function report(context: ActionContext, units: readonly UnitReport[]): void {
  const verdict = overall(units.map((unit) => unit.verdict));
  for (const unit of units) {
    const { name, last, verdict: own } = unit;
    if (own.kind === 'healthy') context.log.info(`${name} is healthy`);
    else
      context.log.error(`${name} is ${own.kind}: ${own.because}${lastAnswer(last)}`, {
        file: '',
        title: name,
      });
  }
  context.output('verdict', verdict);
  context.output('report', units);
  const healthy = units.filter((unit) => unit.verdict.kind === 'healthy').length;
  context.summary.heading(`Health gate: ${verdict}`);
  context.summary.table(
    ['unit', 'revision', 'verdict', 'proven by', 'attempts', 'checks', 'reason'],
    units.map(rowOf),
  );
  context.summary.sentence(`${healthy} of ${units.length} healthy.`);
}

function lastAnswer(last: string | undefined): string {
  return last === undefined ? '' : `; its last answer was ${last}`;
}

function rowOf({ name, revision, verdict, attempts, checks, last }: UnitReport): readonly string[] {
  const passed = checks.filter((check) => check.verdict.kind === 'healthy').length;
  return [
    name,
    revision ?? '',
    verdict.kind,
    verdict.kind === 'healthy' ? verdict.provenBy : '',
    String(attempts),
    checks.length === 0 ? '' : `${passed}/${checks.length}`,
    verdict.kind === 'healthy' ? '' : `${verdict.because}${lastAnswer(last)}`,
  ];
}
