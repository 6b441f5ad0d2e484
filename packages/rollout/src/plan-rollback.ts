import type { KnownRevision, RollbackFacts } from './rollback-facts.ts';
import { resolveRevision } from './resolve-revision.ts';
import { RolloutError } from './rollout-error.ts';
import { describeShares, isSameSplit, percentOf, type Share, type Tag } from './traffic.ts';

export type RollbackPlan =
  | {
      readonly kind: 'return';
      readonly shares: readonly Share[];
      /** The tags that stay. */
      readonly tags: readonly Tag[];
      /** Tags of revisions that are not ready or gone: Cloud Run moves no traffic while a tag names one. */
      readonly dropped: readonly Tag[];
      readonly because: string;
    }
  | { readonly kind: 'nothing'; readonly because: string };

/**
 * Where the traffic goes back to. Named: there. Otherwise what the journal says served before the release, else the
 * newest revision that once had everything, else — when nothing is recorded — the newest ready revision older than
 * the serving one that no release of ours made. Never a revision that may not have passed its gate. Nothing is to be done only when what is asked for
 * and what is in effect are both there already.
 */
export function planRollback(facts: RollbackFacts): RollbackPlan {
  const { candidate, to } = facts;
  if (to !== undefined) return towards(facts, wholeTo(resolveRevision(facts, to)), 'it was named');
  if (candidate !== undefined && !hasTraffic(facts, candidate))
    return { kind: 'nothing', because: `candidate ${candidate} has no traffic` };
  return planReturn(facts);
}

function planReturn(facts: RollbackFacts): RollbackPlan {
  const { live, journal } = facts;
  if (journal?.step === 'rolled-back' && isSameSplit(journal.written, live.shares))
    return isSameSplit(journal.written, facts.effective)
      ? {
          kind: 'nothing',
          because: `it was already rolled back from ${describeShares(journal.previous)} to ${describeShares(journal.written)}; name a revision to go further back`,
        }
      : returning(facts, journal.written, 'an earlier rollback to it did not take effect');
  return beforeRelease(facts) ?? lastServed(facts) ?? olderRevision(facts) ?? refuse(facts);
}

function beforeRelease(facts: RollbackFacts): RollbackPlan | undefined {
  const { live, journal, revisions } = facts;
  if (journal === undefined || percentOf(live.shares, journal.candidate) === 0) return undefined;
  const { previous, release } = journal;
  const isUsable = previous.length > 0 && previous.every(({ revision }) => isReady(revisions, revision));
  if (!isUsable || isSameSplit(previous, live.shares)) return undefined;
  return towards(facts, previous, `it served before release ${release}`);
}

function lastServed(facts: RollbackFacts): RollbackPlan | undefined {
  const { live, journal, revisions } = facts;
  const revision = (journal?.served ?? []).find(
    (name) => percentOf(live.shares, name) === 0 && isReady(revisions, name),
  );
  if (revision === undefined) return undefined;
  return towards(facts, wholeTo(revision), 'it is the newest revision that once had all traffic');
}

function olderRevision(facts: RollbackFacts): RollbackPlan | undefined {
  const { live, revisions } = facts;
  const serving = revisions.find(({ name }) => name === live.shares[0]?.revision);
  if (serving === undefined) return undefined;
  const older = newestFirst(revisions).find(
    ({ createTime, isReady: ready, isOurs }) => ready && !isOurs && createTime < serving.createTime,
  );
  if (older === undefined) return undefined;
  return towards(facts, wholeTo(older.name), `it is the newest ready revision older than ${serving.name}`);
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

function towards(facts: RollbackFacts, shares: readonly Share[], because: string): RollbackPlan {
  return isSameSplit(facts.live.shares, shares) && isSameSplit(facts.effective, shares)
    ? { kind: 'nothing', because: `${describeShares(shares)} serves already` }
    : returning(facts, shares, because);
}

function returning(
  { live, revisions }: RollbackFacts,
  shares: readonly Share[],
  because: string,
): RollbackPlan {
  const isKept = ({ revision }: Tag) => revision === undefined || isReady(revisions, revision);
  const tags = live.tags.filter(isKept);
  return { kind: 'return', shares, tags, dropped: live.tags.filter((tag) => !isKept(tag)), because };
}

function hasTraffic({ live, effective }: RollbackFacts, revision: string): boolean {
  return percentOf(live.shares, revision) > 0 || percentOf(effective, revision) > 0;
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
