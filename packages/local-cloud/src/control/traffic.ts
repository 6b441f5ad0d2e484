import { violation } from './cloud-error.ts';
import { isDnsLabel } from './names.ts';
import { LATEST, REVISION, type TrafficTarget } from './resources.ts';

/** What a service gets that says nothing of its traffic. */
export const ALL_TO_LATEST: readonly TrafficTarget[] = [{ type: LATEST, percent: 100 }];

/** Throws the first rule that the targets break; none at all is fine. */
export function checkTraffic(at: string, targets: readonly TrafficTarget[]): void {
  if (targets.length === 0) return;
  const tags = new Set<string>();
  targets.forEach((target, index) => {
    checkTarget(`${at}[${index}]`, target);
    checkTag(`${at}[${index}].tag`, target.tag, tags);
  });
  const sum = targets.reduce((total, { percent = 0 }) => total + percent, 0);
  if (sum !== 100) throw violation(at, `Traffic targets sum to ${sum}, want 100`);
}

function checkTarget(at: string, { type, revision, percent = 0 }: TrafficTarget): void {
  if (percent < 0 || percent > 100)
    throw violation(`${at}.percent`, `must be between 0 and 100, got ${percent}.`);
  if (type === LATEST && revision !== undefined)
    throw violation(`${at}.revision`, 'must be empty when type is TRAFFIC_TARGET_ALLOCATION_TYPE_LATEST.');
  if (type === REVISION && revision === undefined)
    throw violation(`${at}.revision`, 'should be set when type is TRAFFIC_TARGET_ALLOCATION_TYPE_REVISION.');
  if (type !== LATEST && type !== REVISION) throw violation(`${at}.type`, 'should be set.');
}

function checkTag(at: string, tag: string | undefined, seen: Set<string>): void {
  if (tag === undefined) return;
  if (!isDnsLabel(tag, 46))
    throw violation(at, `'${tag}' must be a DNS-1035 label: lower-case letters, digits and '-', at most 46.`);
  if (seen.has(tag)) throw violation(at, `Multiple definitions for "${tag}"`);
  seen.add(tag);
}
