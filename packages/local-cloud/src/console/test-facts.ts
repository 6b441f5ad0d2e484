import type { RevisionFacts } from './facts/revision-facts.ts';
import type { ServiceFacts } from './facts/service-facts.ts';
import { NO_COUNTS } from './traffic-history.ts';

/** For tests: the middle of a night. */
export const NIGHT = Date.UTC(2026, 0, 1, 2, 14, 5);

export function revisionOf(changes: Partial<RevisionFacts> = {}): RevisionFacts {
  return {
    name: 'web-1',
    state: { tone: 'good', word: 'Serving' },
    desired: 100,
    live: 100,
    tags: [],
    instances: 1,
    inFlight: 0,
    image: `localhost:5000/web@sha256:${'a'.repeat(64)}`,
    createdMs: NIGHT - 3_600_000,
    recent: NO_COUNTS,
    lastMinute: NO_COUNTS,
    byShareSinceChange: 0,
    ...changes,
  };
}

export function serviceOf(changes: Partial<ServiceFacts> = {}): ServiceFacts {
  return {
    id: 'projects/p/locations/r/services/web',
    name: 'web',
    project: 'p',
    region: 'r',
    url: 'http://127.0.0.1:4001',
    state: { tone: 'good', word: 'Ready' },
    newest: 'web-1',
    revisions: [revisionOf()],
    conditions: [],
    changes: [],
    ...changes,
  };
}

/** For tests: what a person reads, a line for each block, without the markup. */
export function textOf(markup: { readonly text: string }): string {
  return markup.text
    .replaceAll(/\s+/g, ' ')
    .replaceAll(/<\/(?:p|li|tr|h\d|figcaption|caption|summary|title|desc)>/g, '\n')
    .replaceAll(/<\/(?:td|th|strong|span|div)>/g, ' ')
    .replaceAll(/<[^>]*>/g, '')
    .replaceAll('&#39;', "'")
    .replaceAll('&quot;', '"')
    .split('\n')
    .map((line) => line.replaceAll(/\s+/g, ' ').trim())
    .join('\n');
}
