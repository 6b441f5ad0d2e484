import { judgeSmoke, type ProbeVerdict } from '@fairlead/health';
import type { SmokeCheck } from '@fairlead/manifest';

import { ask, type Asking } from './ask.ts';
import type { WebCandidate } from './candidate.ts';

/** A check beside the health contract, and how it ended. */
export interface CheckFinding {
  readonly name: string;
  readonly verdict: ProbeVerdict;
}

/** The unit's smoke checks, one after the other, all of them. */
export async function checkSmoke(candidate: WebCandidate, asking: Asking): Promise<readonly CheckFinding[]> {
  const findings: CheckFinding[] = [];
  for (const check of candidate.smoke) {
    const answer = await ask(questionOf(candidate, check), asking);
    findings.push({ name: check.name, verdict: judgeSmoke(answer, expectationOf(check)) });
  }
  return findings;
}

function questionOf({ url }: WebCandidate, { method, path, body, graphql }: SmokeCheck) {
  if (graphql !== undefined)
    return { url: `${url}${path}`, method: 'POST', body: JSON.stringify({ query: graphql }) } as const;
  return { url: `${url}${path}`, method, ...(body === undefined ? {} : { body }) };
}

function expectationOf({ status, contains, graphql }: SmokeCheck) {
  return { status, isGraphql: graphql !== undefined, ...(contains === undefined ? {} : { contains }) };
}
