import { type CloudRun, type Readiness } from '@fairlead/cloud-run';
import type { Verdict } from '@fairlead/health';

import type { WorkerCandidate } from './candidate.ts';
import type { Finding } from './gate-candidate.ts';

/** A worker answers nobody: it is as well as the condition Ready of its very revision says. */
export async function gateWorker(
  { name, staged }: WorkerCandidate,
  cloud: Pick<CloudRun, 'awaitRevision' | 'getRevision'>,
  deadlineMs: number,
): Promise<Finding> {
  const found = await cloud.getRevision(staged, staged.revision);
  if (found === undefined)
    return {
      name,
      verdict: { kind: 'unhealthy', because: `revision "${staged.revision}" does not exist` },
      attempts: 1,
    };
  const readiness = await cloud.awaitRevision(staged, { revision: staged.revision, deadlineMs });
  return { name, verdict: verdictOf(readiness), attempts: 1 };
}

function verdictOf(readiness: Readiness): Verdict {
  switch (readiness.kind) {
    case 'ready':
      return { kind: 'healthy', provenBy: 'revision' };
    case 'failed':
      return { kind: 'unhealthy', because: `${readiness.reason}: ${readiness.message}` };
    case 'starting':
      return { kind: 'inconclusive', because: 'it was still starting when time was up' };
  }
}
