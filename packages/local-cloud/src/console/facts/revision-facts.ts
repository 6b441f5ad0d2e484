import { shortName } from '../../control/names.ts';
import { ingressContainer } from '../../control/template.ts';
import type { RevisionRecord, ServiceRecord, World } from '../../control/world.ts';
import type { DataPlane } from '../../data-plane.ts';
import type { TrafficChanges } from '../traffic-changes.ts';
import type { Counts, TrafficHistory } from '../traffic-history.ts';
import { countsFrom, countsSince, errorSpell, type ErrorSpell } from '../traffic-reading.ts';
import { withoutLogsUrl } from '../words.ts';
import { slowest } from './latency.ts';
import { desiredShares, type Shares } from './shares.ts';
import type { State } from './state.ts';

/** A revision as a person wants to see it. */
export interface RevisionFacts {
  readonly name: string;
  readonly state: State;
  /** Why it failed. */
  readonly message?: string;
  /** Percent that the service was told to send here. */
  readonly desired: number;
  /** Percent that the router goes by. */
  readonly live: number;
  readonly tags: readonly Tag[];
  readonly instances: number;
  readonly inFlight: number;
  readonly image: string;
  readonly createdMs: number;
  /** What came in the last five minutes. */
  readonly recent: Counts;
  readonly lastMinute: Counts;
  /** Requests by its share since the shares were last changed. */
  readonly byShareSinceChange: number;
  readonly erring?: ErrorSpell;
  /** Milliseconds within which 95 of 100 of the last five minutes' answers came; absent where there was none. */
  readonly slowestMs?: number;
}

export interface Tag {
  readonly name: string;
  /** Absent until the router knows it. */
  readonly url?: string;
}

/** What facts are read from. */
export interface Sources {
  readonly world: World;
  readonly plane: DataPlane;
  readonly history: TrafficHistory;
  readonly changes: TrafficChanges;
  readonly nowMs: number;
}

const RECENT_MS = 5 * 60_000;

/** Every revision of a service, newest first. */
export function allRevisions(world: World, service: ServiceRecord): readonly RevisionRecord[] {
  return [...world.revisions.values()]
    .filter((revision) => revision.service === service.name)
    .sort(newestFirst);
}

/** The revisions of a service that matter now, newest first: those with a share or a tag, and the newest. */
export function currentRevisions(world: World, service: ServiceRecord): readonly RevisionRecord[] {
  const { targets = [], tags = [] } = service.serving?.routes ?? {};
  const routed = [...targets, ...tags].map(({ revision }) => revision);
  const names = new Set([...desiredShares(service).keys(), ...routed, service.latestCreated ?? '']);
  return [...names].flatMap((name) => world.revisions.get(name) ?? []).sort(newestFirst);
}

function newestFirst(a: RevisionRecord, b: RevisionRecord): number {
  return b.createMicros - a.createMicros;
}

export function revisionFacts(
  sources: Sources,
  service: ServiceRecord,
  revisions: readonly RevisionRecord[],
): readonly RevisionFacts[] {
  const desired = desiredShares(service);
  return revisions.map((revision) => factsOf(sources, revision, { service, desired }));
}

function factsOf(
  { plane, history, changes, nowMs }: Sources,
  revision: RevisionRecord,
  { service, desired }: { readonly service: ServiceRecord; readonly desired: Shares },
): RevisionFacts {
  const { name, start, template, createMicros } = revision;
  const live = liveShare(service, name);
  const tags = tagsOf(service, name);
  const slots = history.slots(name);
  const changedMs = changes.of(service.name).at(-1)?.atMs ?? 0;
  const slowestMs = slowest(plane.series(name), nowMs - RECENT_MS);
  const erring = errorSpell(slots, nowMs);
  const { instances = 0, inFlight = 0 } = plane.stats(name) ?? {};
  return {
    name: shortName(name),
    state: stateOf(start.kind, live, tags.length),
    ...(start.kind === 'failed' ? { message: withoutLogsUrl(start.failure.message) } : {}),
    desired: desired.get(name) ?? 0,
    live,
    tags,
    instances,
    inFlight,
    image: ingressContainer(template.containers).image ?? '',
    createdMs: createMicros / 1000,
    recent: countsSince(slots, nowMs, RECENT_MS),
    lastMinute: countsSince(slots, nowMs, 60_000),
    byShareSinceChange: countsFrom(slots, Math.max(changedMs, nowMs - RECENT_MS)).byShare,
    ...(erring === undefined ? {} : { erring }),
    ...(slowestMs === undefined ? {} : { slowestMs }),
  };
}

function stateOf(start: RevisionRecord['start']['kind'], live: number, tags: number): State {
  if (start === 'failed') return { tone: 'bad', word: 'Failed to start' };
  if (start === 'starting') return { tone: 'busy', word: 'Starting' };
  if (live > 0) return { tone: 'good', word: 'Serving' };
  return { tone: 'quiet', word: tags > 0 ? 'Tag only' : 'Retired' };
}

function liveShare({ serving }: ServiceRecord, revision: string): number {
  const targets = serving?.routes.targets ?? [];
  return targets
    .filter((target) => target.revision === revision)
    .reduce((sum, { percent }) => sum + percent, 0);
}

function tagsOf({ serving }: ServiceRecord, revision: string): readonly Tag[] {
  const tags = serving?.routes.tags ?? [];
  return tags
    .filter((tag) => tag.revision === revision)
    .map(({ tag }) => {
      const url = serving?.addresses.tagUrls[tag];
      return { name: tag, ...(url === undefined ? {} : { url }) };
    });
}
