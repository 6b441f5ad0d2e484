/** One entry of a service's traffic, as Cloud Run keeps it. Without a revision it follows the latest ready one. */
export interface TrafficTarget {
  /** Short name of a revision. */
  readonly revision?: string;
  readonly percent: number;
  readonly tag?: string;
}

/** A revision and its share of the requests, in whole percent above zero. */
export interface Share {
  readonly revision: string;
  readonly percent: number;
}

/** A tag and the revision that it names; without one it follows the latest ready revision. */
export interface Tag {
  readonly tag: string;
  readonly revision?: string;
}

/** The traffic of a service, with every revision named once. Shares are sorted by percent, then by name. */
export interface Traffic {
  readonly shares: readonly Share[];
  readonly tags: readonly Tag[];
}

/**
 * Traffic from the entries of a service. Entries that follow the latest ready revision count as `latestReady`;
 * when that is not known their share is left out.
 */
export function trafficOf(targets: readonly TrafficTarget[], latestReady: string | undefined): Traffic {
  const percents = new Map<string, number>();
  for (const { revision = latestReady, percent } of targets)
    if (revision !== undefined && percent > 0)
      percents.set(revision, (percents.get(revision) ?? 0) + percent);
  return { shares: sharesOf(percents), tags: targets.flatMap(tagOf) };
}

/** The entries to write for a traffic: shares first, then tags at 0 %. */
export function targetsOf({ shares, tags }: Traffic): readonly TrafficTarget[] {
  return [...shares, ...tags.map((tag) => ({ ...tag, percent: 0 }))];
}

/** Whether requests are split the same way; tags do not matter. */
export function isSameSplit(one: readonly Share[], other: readonly Share[]): boolean {
  return (
    one.length === other.length &&
    one.every(({ revision, percent }) => percentOf(other, revision) === percent)
  );
}

/** Whether tags and shares are the same. */
export function isSameTraffic(one: Traffic, other: Traffic): boolean {
  return isSameSplit(one.shares, other.shares) && tagKey(one.tags) === tagKey(other.tags);
}

/** The share of a revision, 0 when it has none. */
export function percentOf(shares: readonly Share[], revision: string): number {
  return shares.find((share) => share.revision === revision)?.percent ?? 0;
}

/** `agent-00041=90, agent-00042=10`: what a person reads. */
export function describeShares(shares: readonly Share[]): string {
  return shares.length === 0
    ? 'no revision'
    : shares.map(({ revision, percent }) => `${revision}=${percent}`).join(', ');
}

/** Shares in their one order. */
export function sharesOf(percents: ReadonlyMap<string, number>): readonly Share[] {
  return [...percents]
    .map(([revision, percent]) => ({ revision, percent }))
    .filter(({ percent }) => percent > 0)
    .sort((a, b) => b.percent - a.percent || (a.revision < b.revision ? -1 : 1));
}

function tagOf({ tag, revision }: TrafficTarget): readonly Tag[] {
  if (tag === undefined) return [];
  return [revision === undefined ? { tag } : { tag, revision }];
}

function tagKey(tags: readonly Tag[]): string {
  return tags
    .map(({ tag, revision = '' }) => `${tag}=${revision}`)
    .sort()
    .join();
}
