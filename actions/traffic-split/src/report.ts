import { type ActionContext, type Ended, formatDuration, messageOf, counted } from '@fairlead/action-kit';
import { liveTrafficOf } from '@fairlead/cloud-run';
import { describeShares, isSameSplit, percentOf, type Share } from '@fairlead/rollout';
import type { Shifted } from './shift-release.ts';
import type { Moving } from './shift-unit.ts';

/** How putting a unit back ended. */
export type Restored = Ended<Moving, 'restored' | 'untouched'>;

/** Summary, log and outputs: what is live now, whichever way it went. */
export function report(
  { log, summary, output }: ActionContext,
  shifted: Shifted,
  restored: readonly Restored[],
): void {
  const back = new Map(restored.map((end) => [end.item.mover.unit, end]));
  const now = shifted.units.map((moving) => ({ moving, ...nowOf(moving, back.get(moving.mover.unit)) }));
  summary.heading(shifted.failure === undefined ? 'Traffic shifted' : 'Traffic put back');
  summary.sentence(sentenceOf(shifted));
  summary.table(
    ['unit', 'service', 'candidate', 'traffic', ''],
    now.map(({ moving: { mover }, traffic, note }) => [
      mover.unit,
      mover.service,
      mover.revision,
      traffic,
      note,
    ]),
  );
  if (shifted.reached.length > 1) summary.code('mermaid', chart(shifted));
  const commands = shifted.units.flatMap((moving) => moving.commands);
  if (commands.length > 0) summary.code('sh', commands.join('\n'));
  for (const { moving, traffic, note } of now)
    log.info(`${moving.mover.unit}: ${traffic}${note && ` (${note})`}.`);
  output(
    'traffic',
    Object.fromEntries(now.map(({ moving, shares }) => [moving.mover.unit, percents(shares)])),
  );
  output('shifted', shifted.failure === undefined ? namesOf(shifted.units.filter(isMoved)) : []);
  output(
    'restored',
    namesOf(restored.flatMap((end) => (end.kind === 'done' && end.value === 'restored' ? [end.item] : []))),
  );
}

interface Now {
  readonly shares: readonly Share[];
  readonly traffic: string;
  readonly note: string;
}

function nowOf(moving: Moving, back: Restored | undefined): Now {
  if (back?.kind === 'failed')
    return { shares: [], traffic: 'not known', note: `could not be put back: ${messageOf(back.thrown)}` };
  const isBack = back !== undefined;
  const { shares } = isBack ? { shares: moving.home } : liveTrafficOf(moving.service).traffic;
  const note = isBack ? 'as before the release' : isMoved(moving) ? 'shifted' : noteOf(moving, shares);
  return { shares, traffic: describeShares(shares), note };
}

function noteOf({ mover }: Moving, shares: readonly Share[]): string {
  return percentOf(shares, mover.revision) === 100 ? 'had all traffic already' : 'not moved';
}

function isMoved({ commands }: Moving): boolean {
  return commands.length > 0;
}

function sentenceOf({ units, failure, reached }: Shifted): string {
  if (failure !== undefined) return `The shift failed: ${failure}.`;
  const moved = units.filter(isMoved);
  const took = formatDuration(Math.max(0, ...reached.map(({ atMs }) => atMs)));
  const isWhole = units.every(({ mover, service }) =>
    isSameSplit(liveTrafficOf(service).traffic.shares, [{ revision: mover.revision, percent: 100 }]),
  );
  return moved.length === 0
    ? 'All traffic was where it should be already; nothing was changed.'
    : `${moved.length} of ${counted(units.length, 'unit')} moved in ${took}; ${isWhole ? 'every candidate has all traffic' : 'the candidates have a part of the traffic'}.`;
}

/** The smallest share that a candidate of the release had, over time. */
function chart({ reached }: Shifted): string {
  const steps = [...new Set(reached.map(({ percent }) => percent))].sort((a, b) => a - b);
  const times = steps.map((step) =>
    Math.max(...reached.filter(({ percent }) => percent === step).map(({ atMs }) => atMs)),
  );
  return [
    'xychart-beta',
    '  title "Share of the candidates"',
    `  x-axis [${['start', ...times.map(formatDuration)].map((label) => `"${label}"`).join(', ')}]`,
    '  y-axis "percent" 0 --> 100',
    `  line [${[0, ...steps].join(', ')}]`,
  ].join('\n');
}

function percents(shares: readonly Share[]): Readonly<Record<string, number>> {
  return Object.fromEntries(shares.map(({ revision, percent }) => [revision, percent]));
}

function namesOf(units: readonly Moving[]): readonly string[] {
  return units.map(({ mover }) => mover.unit);
}
