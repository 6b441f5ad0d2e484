import type { Journal } from './journal.ts';
import type { Traffic } from './traffic.ts';

/** What a rollback must know of a revision. */
export interface KnownRevision {
  readonly name: string;
  /** RFC 3339. */
  readonly createTime: string;
  readonly isReady: boolean;
  /** Whether a release of ours made it: such a revision may never have passed its gate. */
  readonly isOurs: boolean;
  /** The version that it names (`IMAGE_TAG`). */
  readonly version?: string;
  /** Image by digest. */
  readonly image?: string;
}

export interface RollbackFacts {
  readonly service: string;
  readonly live: Traffic;
  readonly journal: Journal | undefined;
  readonly revisions: readonly KnownRevision[];
  /** What a person named: a revision, its short number, a tag, a version or a digest. */
  readonly to?: string;
  /** The candidate of the release that is to be taken back. */
  readonly candidate?: string;
}
