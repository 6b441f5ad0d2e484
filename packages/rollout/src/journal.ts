import { describeShares, isSameSplit, type Share, sharesOf } from './traffic.ts';

/** The annotation of a service that holds its journal; written in the same request as the change that it records. */
export const JOURNAL_ANNOTATION = 'fairlead.dev/release';

/** What we did last to the traffic of a service. */
export interface Journal {
  /** Name of the release, such as `main-1a2b3c4`. */
  readonly release: string;
  /**
   * `staged`: the candidate waits at 0 %; `shifting`: it has a part; `shifted`: it has everything; `restored`: its
   * shift was undone because something failed; `rolled-back`: a person or a workflow asked for the way back.
   */
  readonly step: 'staged' | 'shifting' | 'shifted' | 'restored' | 'rolled-back';
  /** The revision that the release brings. */
  readonly candidate: string;
  /** The tag that we gave it. */
  readonly tag?: string;
  /** The shares as we wrote them: live shares that differ were changed by somebody else. */
  readonly written: readonly Share[];
  /** The shares before the release: what an abort and a rollback go back to. */
  readonly previous: readonly Share[];
  /** Revisions that once had everything, newest first; not those that were rolled back from. */
  readonly served: readonly string[];
}

const STEPS: readonly Journal['step'][] = ['staged', 'shifting', 'shifted', 'restored', 'rolled-back'];
const SERVED_LIMIT = 10;

/** A journal as the value of its annotation: the same journal always gives the same text. */
export function formatJournal(journal: Journal): string {
  const { release, step, candidate, tag, written, previous, served } = journal;
  return JSON.stringify({
    v: 1,
    release,
    step,
    candidate,
    ...(tag === undefined ? {} : { tag }),
    written: percentsOf(written),
    previous: percentsOf(previous),
    served,
  });
}

/** The journal among a service's annotations; `undefined` when there is none, or none that this version can read. */
export function journalOf(annotations: Readonly<Record<string, string>>): Journal | undefined {
  const value = parsed(annotations[JOURNAL_ANNOTATION] ?? '');
  const step = STEPS.find((known) => known === value['step']);
  const { v, release, candidate, tag } = value;
  if (v !== 1 || step === undefined || typeof release !== 'string' || typeof candidate !== 'string')
    return undefined;
  return {
    release,
    step,
    candidate,
    ...(typeof tag === 'string' ? { tag } : {}),
    written: sharesIn(value['written']),
    previous: sharesIn(value['previous']),
    served: textsIn(value['served']),
  };
}

/** What was changed behind our back since the journal was written, in words; `undefined` when nothing was. */
export function driftOf(journal: Journal, live: readonly Share[]): string | undefined {
  if (isSameSplit(journal.written, live)) return undefined;
  return `the traffic is ${describeShares(live)}, but release ${journal.release} left it at ${describeShares(journal.written)}`;
}

/** `served` with what these shares add: a revision that has everything comes first. */
export function remembered(served: readonly string[], shares: readonly Share[]): readonly string[] {
  const [only] = shares;
  if (only?.percent !== 100) return served;
  return [only.revision, ...served.filter((revision) => revision !== only.revision)].slice(0, SERVED_LIMIT);
}

function percentsOf(shares: readonly Share[]): Readonly<Record<string, number>> {
  return Object.fromEntries(shares.map(({ revision, percent }) => [revision, percent]));
}

function sharesIn(value: unknown): readonly Share[] {
  const entries = Object.entries(recordIn(value));
  return sharesOf(
    new Map(entries.filter((entry): entry is [string, number] => typeof entry[1] === 'number')),
  );
}

function textsIn(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((entry) => typeof entry === 'string') : [];
}

function parsed(text: string): Readonly<Record<string, unknown>> {
  try {
    return recordIn(JSON.parse(text));
  } catch {
    return {};
  }
}

function recordIn(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : {};
}
