import { shortName } from '../../control/names.ts';
import type { Html } from '../html.ts';
import type { TrafficChange } from '../traffic-changes.ts';
import { table } from './table.ts';
import { moment } from './time.ts';

/** The last changes of a service's live shares, newest first as they are given. */
export function changeTable(changes: readonly TrafficChange[], nowMs: number): Html {
  return table({
    caption: 'Changes of the live shares, newest first; seen within five seconds',
    columns: [{ label: 'Since' }, { label: 'Shares', kind: 'prose' }],
    rows: changes.map(({ atMs, shares }) => [
      moment(atMs, nowMs),
      shares.map(({ revision, percent }) => `${shortName(revision)} ${percent} %`).join(', ') ||
        'no share at all',
    ]),
    empty: 'No traffic yet.',
  });
}
