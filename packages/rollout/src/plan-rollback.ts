import type { KnownRevision, RollbackFacts } from './rollback-facts.ts';
import { resolveRevision } from './resolve-revision.ts';
import { RolloutError } from './rollout-error.ts';
import { describeShares, isSameSplit, percentOf, type Share, type Traffic } from './traffic.ts';

export type RollbackPlan =
  | { readonly kind: 'return'; readonly shares: readonly Share[]; readonly because: string }
  | { readonly kind: 'nothing'; readonly because: string };

/**
 * Where the traffic goes back to. Named: there. Otherwise what the journal says served before the release, else the
 * newest revision that once had everything, else — when nothing is recorded — the newest ready revision older than
 * the serving one that no release of ours made. Never a revision that may not have passed its gate.
 */
export function planRollback(facts: RollbackFacts): RollbackPlan {
  const { live, candidate, to } = facts;
  if (to !== undefined) return towards(live, wholeTo(resolveRevision(facts, to)), 'it was named');
  if (candidate !== undefined && percentOf(live.shares, candidate) === 0)
    return { kind: 'nothing', because: `candidate ${candidate} has no traffic` };
  return planReturn(facts);
}

function planReturn(facts: RollbackFacts): RollbackPlan {
  const { live, journal } = facts;
  if (journal?.step === 'rolled-back' && isSameSplit(journal.written, live.shares))
    return {
      kind: 'nothing',
      because: `it was already rolled back from ${describeShares(journal.previous)} to ${describeShares(journal.written)}; name a revision to go further back`,
    };
  return beforeRelease(facts) ?? lastServed(facts) ?? olderRevision(facts) ?? refuse(facts);
}

function beforeRelease({ live, journal, revisions }: RollbackFacts): RollbackPlan | undefined {
  if (journal === undefined || percentOf(live.shares, journal.candidate) === 0) return undefined;
  const { previous, release } = journal;
  const isUsable = previous.length > 0 && previous.every(({ revision }) => isReady(revisions, revision));
  if (!isUsable || isSameSplit(previous, live.shares)) return undefined;
  return towards(live, previous, `it served before release ${release}`);
}

function lastServed({ live, journal, revisions }: RollbackFacts): RollbackPlan | undefined {
  const revision = (journal?.served ?? []).find(
    (name) => percentOf(live.shares, name) === 0 && isReady(revisions, name),
  );
  if (revision === undefined) return undefined;
  return towards(live, wholeTo(revision), 'it is the newest revision that once had all traffic');
}

function olderRevision({ live, revisions }: RollbackFacts): RollbackPlan | undefined {
  const serving = revisions.find(({ name }) => name === live.shares[0]?.revision);
  if (serving === undefined) return undefined;
  const older = newestFirst(revisions).find(
    ({ createTime, isReady: ready, isOurs }) => ready && !isOurs && createTime < serving.createTime,
  );
  if (older === undefined) return undefined;
  return towards(live, wholeTo(older.name), `it is the newest ready revision older than ${serving.name}`);
}

function refuse({ service, live, revisions }: RollbackFacts): never {
  const names = newestFirst(revisions).map(({ name, isReady: ready }) =>
    ready ? name : `${name} (not ready)`,
  );
  throw new RolloutError(
    'no-target',
    `service ${service} has nothing to go back to: ${describeShares(live.shares)} serves and no other revision is known to have served; name one with "to": ${names.slice(0, 10).join(', ') || 'there is none'}`,
  );
}

function towards(live: Traffic, shares: readonly Share[], because: string): RollbackPlan {
  return isSameSplit(live.shares, shares)
    ? { kind: 'nothing', because: `${describeShares(shares)} serves already` }
    : { kind: 'return', shares, because };
}

function wholeTo(revision: string): readonly Share[] {
  return [{ revision, percent: 100 }];
}

function isReady(revisions: readonly KnownRevision[], revision: string): boolean {
  return revisions.some(({ name, isReady: ready }) => name === revision && ready);
}

function newestFirst(revisions: readonly KnownRevision[]): readonly KnownRevision[] {
  return [...revisions].sort((a, b) => (a.createTime < b.createTime ? 1 : -1));
}
