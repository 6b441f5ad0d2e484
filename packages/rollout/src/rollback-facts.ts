import type { Journal } from './journal.ts';
import type { Share, Traffic } from './traffic.ts';

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
  /** What is asked of the service. */
  readonly live: Traffic;
  /** What requests follow: another split than `live` when the last write did not take effect. */
  readonly effective: readonly Share[];
  readonly journal: Journal | undefined;
  readonly revisions: readonly KnownRevision[];
  /** What a person named: a revision, its short number, a tag, a version or a digest. */
  readonly to?: string;
  /** The candidate of the release that is to be taken back. */
  readonly candidate?: string;
}
