import { violation } from '../cloud-error.ts';
import type { InstanceSplit } from '../worker-pool.ts';

const SPLIT_LATEST = 'INSTANCE_SPLIT_ALLOCATION_TYPE_LATEST';
const SPLIT_REVISION = 'INSTANCE_SPLIT_ALLOCATION_TYPE_REVISION';

/** What a worker pool gets that says nothing of its splits. */
export const ALL_TO_LATEST_SPLIT: readonly InstanceSplit[] = [{ type: SPLIT_LATEST, percent: 100 }];

/** Throws the first rule that the splits break; `exists` says of a revision's short name whether there is one. */
export function checkSplits(
  at: string,
  splits: readonly InstanceSplit[],
  exists: (revision: string) => boolean,
): void {
  splits.forEach((split, index) => {
    checkSplit(`${at}[${index}]`, split, exists);
  });
  const sum = splits.reduce((total, { percent = 0 }) => total + percent, 0);
  if (sum !== 100) throw violation(at, `Instance splits sum to ${sum}, want 100`);
}

function checkSplit(
  at: string,
  { type, revision, percent = 0 }: InstanceSplit,
  exists: (revision: string) => boolean,
): void {
  if (percent < 0 || percent > 100)
    throw violation(`${at}.percent`, `must be between 0 and 100, got ${percent}.`);
  if (type !== SPLIT_LATEST && type !== SPLIT_REVISION) throw violation(`${at}.type`, 'should be set.');
  if (type === SPLIT_LATEST && revision !== undefined)
    throw violation(`${at}.revision`, `must be empty when type is ${SPLIT_LATEST}.`);
  if (type === SPLIT_LATEST) return;
  if (revision === undefined)
    throw violation(`${at}.revision`, `should be set when type is ${SPLIT_REVISION}.`);
  if (!exists(revision))
    throw violation(`${at}.revision`, `Revision '${revision}' does not exist or is deleted.`);
}

/** How many of so many instances each share gets: whole numbers that sum to all of them, the largest remainders first. */
export function instanceCounts(instances: number, percents: readonly number[]): readonly number[] {
  const exact = percents.map((percent) => (instances * percent) / 100);
  const left = instances - exact.reduce((sum, count) => sum + Math.floor(count), 0);
  const byRemainder = exact
    .map((count, index) => ({ index, remainder: count - Math.floor(count) }))
    .sort((a, b) => b.remainder - a.remainder);
  const more = new Set(byRemainder.slice(0, left).map(({ index }) => index));
  return exact.map((count, index) => Math.floor(count) + (more.has(index) ? 1 : 0));
}
