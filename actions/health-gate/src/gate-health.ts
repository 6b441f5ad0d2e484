import { access } from 'node:fs/promises';
import { resolve } from 'node:path';

import { type ActionContext, ActionFailure, messageOf } from '@fairlead/action-kit';
import { cloudRun } from '@fairlead/cloud-run';
import { overall } from '@fairlead/health';
import type { Unit } from '@fairlead/manifest';
import { loadManifest } from '@fairlead/manifest-file';

import { type Candidate, candidatesOf } from './candidate.ts';
import { type CheckFinding, checkSmoke } from './check-smoke.ts';
import { checkSubgraph } from './check-subgraph.ts';
import { gateCandidate, type Gating } from './gate-candidate.ts';
import { gateWorker } from './gate-worker.ts';
import { type GateInputs, parseInputs } from './parse-inputs.ts';
import { combined, report, type UnitReport } from './report.ts';

/** Proves that all candidates are healthy, or says of each one that is not why, and fails. */
export async function gateHealth(context: ActionContext): Promise<void> {
  const inputs = parseInputs(context);
  if (inputs.identityToken !== undefined) context.log.mask(inputs.identityToken);
  const candidates = candidatesOf(inputs, await unitsOf(context, inputs));

  const gating = gatingOf(context, inputs);
  const reports = await context.log.group(`asking ${candidates.length} of the release`, () =>
    Promise.all(candidates.map((candidate) => gateOrSay(candidate, gating))),
  );

  report(context, reports);
  const verdict = overall(reports.map((unit) => unit.verdict));
  if (verdict === 'healthy') return;
  const failing = reports.filter((unit) => unit.verdict.kind !== 'healthy').map(({ name }) => name);
  throw new ActionFailure(
    `the gate stays closed: ${failing.length} of ${reports.length} ${failing.length === 1 ? 'is' : 'are'} not healthy: ${failing.join(', ')}`,
  );
}

function gatingOf(context: ActionContext, { successes, timeoutMs, identityToken }: GateInputs): Gating {
  const asking = { fetch, signal: context.signal, identityToken };
  return { context, asking, successes, deadlineMs: timeoutMs };
}

// What keeps one from being asked must not hide what was found of the others.
async function gateOrSay(candidate: Candidate, gating: Gating): Promise<UnitReport> {
  try {
    return await gate(candidate, gating);
  } catch (thrown) {
    gating.context.signal.throwIfAborted();
    const verdict = { kind: 'inconclusive', because: messageOf(thrown) } as const;
    return combined(candidate, { name: candidate.name, verdict, attempts: 0 }, []);
  }
}

async function gate(candidate: Candidate, gating: Gating): Promise<UnitReport> {
  const { context, asking, deadlineMs } = gating;
  if (candidate.kind === 'worker')
    return combined(candidate, await gateWorker(candidate, cloudRun(context), deadlineMs), []);
  context.log.info(`${candidate.name}: the same by hand: curl -i ${candidate.url}${candidate.path}`);
  const finding = await gateCandidate(candidate, gating);
  const checks: readonly CheckFinding[] =
    finding.verdict.kind === 'healthy'
      ? [...(await checkSmoke(candidate, asking)), ...(await checkSubgraph(candidate, context, asking))]
      : [];
  return combined(candidate, finding, checks);
}

async function unitsOf(context: ActionContext, inputs: GateInputs): Promise<readonly Unit[]> {
  if (inputs.subject.kind === 'url') return [];
  const path = inputs.manifest ?? 'fairlead.yaml';
  if (inputs.manifest === undefined && !(await exists(context, path))) {
    context.log.notice(`there is no ${path}: the release is gated without smoke checks, by the inputs alone`);
    return [];
  }
  return (await loadManifest(context, path)).units;
}

async function exists({ env }: ActionContext, path: string): Promise<boolean> {
  return access(resolve(env['GITHUB_WORKSPACE'] ?? '.', path)).then(
    () => true,
    () => false,
  );
}
