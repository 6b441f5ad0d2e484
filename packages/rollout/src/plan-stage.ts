import { type Journal, remembered } from './journal.ts';
import { isSameTraffic, type Share, type Tag, type Traffic } from './traffic.ts';

/** A service as it is found. */
export interface LiveTraffic {
  readonly traffic: Traffic;
  readonly journal: Journal | undefined;
  /** Whether any revision of it has ever been ready. */
  readonly hasServed: boolean;
}

export interface Candidate {
  readonly release: string;
  readonly revision: string;
  /** Absent for a worker, which nobody calls. */
  readonly tag: string | undefined;
}

export interface StagePlan {
  /** `first`: nothing serves yet, so the candidate gets everything; Cloud Run cannot have a service without traffic. */
  readonly kind: 'first' | 'stage';
  readonly traffic: Traffic;
  readonly journal: Journal;
  /** Whether traffic, tags or journal differ from what is live. */
  readonly isChange: boolean;
}

/**
 * Puts a candidate beside what serves: shares stay as they are (pinned to revisions), the tag moves to it and replaces
 * the tag of our last release; foreign tags stay. A release that was already being shifted keeps its journal, so that
 * a repeated run still knows what served before it.
 */
export function planStage(live: LiveTraffic | undefined, candidate: Candidate): StagePlan {
  if (live?.hasServed !== true) return firstStage(live, candidate);
  const { shares } = live.traffic;
  const journal = isUnderWay(live.journal, candidate)
    ? withTag(live.journal, candidate.tag)
    : stagedJournal(live.journal, shares, candidate);
  const traffic = { shares, tags: stagedTags(live, candidate) };
  return { kind: 'stage', traffic, journal, isChange: isChange(live, traffic, journal) };
}

function firstStage(live: LiveTraffic | undefined, candidate: Candidate): StagePlan {
  const { release, revision, tag } = candidate;
  const shares = [{ revision, percent: 100 }];
  const tags = live === undefined ? ownTag(candidate) : stagedTags(live, candidate);
  const journal: Journal = {
    ...withTag({ release, candidate: revision, step: 'shifted' as const }, tag),
    written: shares,
    previous: [],
    served: [revision],
  };
  const traffic = { shares, tags };
  return {
    kind: 'first',
    traffic,
    journal,
    isChange: live === undefined || isChange(live, traffic, journal),
  };
}

function isUnderWay(journal: Journal | undefined, { revision }: Candidate): journal is Journal {
  return journal?.candidate === revision && ['staged', 'shifting', 'shifted'].includes(journal.step);
}

function stagedJournal(
  last: Journal | undefined,
  shares: readonly Share[],
  { release, revision, tag }: Candidate,
): Journal {
  return {
    ...withTag({ release, candidate: revision, step: 'staged' as const }, tag),
    written: shares,
    previous: shares,
    served: remembered(last?.served ?? [], shares),
  };
}

function withTag<T extends object>(record: T, tag: string | undefined): T & { readonly tag?: string } {
  return tag === undefined ? record : { ...record, tag };
}

function stagedTags({ traffic, journal }: LiveTraffic, candidate: Candidate): readonly Tag[] {
  const kept = traffic.tags.filter(({ tag }) => tag !== candidate.tag && tag !== journal?.tag);
  return [...kept, ...ownTag(candidate)];
}

function ownTag({ tag, revision }: Candidate): readonly Tag[] {
  return tag === undefined ? [] : [{ tag, revision }];
}

function isChange(live: LiveTraffic, traffic: Traffic, journal: Journal): boolean {
  return !isSameTraffic(live.traffic, traffic) || JSON.stringify(live.journal) !== JSON.stringify(journal);
}
