import { type ActionContext, type Ended, formatDuration, messageOf, counted } from '@fairlead/action-kit';
import { describeShares, type Share } from '@fairlead/rollout';
import type { RollbackInputs } from './parse.ts';
import type { Returned, ReturnPlan } from './return-unit.ts';

type Outcome = Ended<ReturnPlan, Returned>;

/** A rollback that takes longer than this is called slow (RB-07). */
const SLOW_MS = 300_000;

/** Summary, log and outputs of what is live now. */
export function report(
  { log, summary, output }: ActionContext,
  { reason }: RollbackInputs,
  { ended, ms }: { readonly ended: readonly Outcome[]; readonly ms: number },
): void {
  const done = ended.flatMap((end) => (end.kind === 'done' ? [end.value] : []));
  const changed = done.filter(({ command }) => command !== undefined);
  summary.heading('Rollback');
  summary.sentence(sentence({ count: ended.length, done: done.length, changed: changed.length, ms }));
  if (reason !== undefined) summary.sentence(`Reason: ${reason}`);
  summary.table(['unit', 'service', 'from', 'to', 'because'], ended.map(row));
  if (changed.length > 0) summary.code('sh', changed.map(({ command = '' }) => command).join('\n'));
  for (const end of ended) log.info(`${row(end).join(', ')}.`);
  if (ms > SLOW_MS) log.warning(`The rollback took ${formatDuration(ms)}; the aim is less than 5 minutes.`);
  output(
    'from',
    byUnit(done, ({ from }) => from),
  );
  output(
    'to',
    byUnit(done, ({ to }) => to),
  );
  output(
    'changed',
    changed.map(({ returning }) => returning.unit),
  );
  output(
    'result',
    done.map(({ returning, from, to, because, command }) => ({
      unit: returning.unit,
      service: returning.name.service,
      from: percents(from),
      to: percents(to),
      changed: command !== undefined,
      because,
    })),
  );
  output('seconds', Math.round(ms / 100) / 10);
}

interface Counts {
  readonly count: number;
  readonly done: number;
  readonly changed: number;
  readonly ms: number;
}

function sentence({ count, done, changed, ms }: Counts): string {
  if (done < count) return `${count - done} of ${counted(count, 'service')} could not be rolled back.`;
  if (changed === 0) return 'Every service was where it should be already; nothing was changed.';
  return `${changed} of ${counted(count, 'service')} rolled back in ${formatDuration(ms)}; the traffic in effect was read and is as planned.`;
}

function row(end: Outcome): readonly string[] {
  const { returning } = end.item;
  const { service } = returning.name;
  if (end.kind === 'failed') return [returning.unit, service, '', 'failed', messageOf(end.thrown)];
  const { from, to, because, command } = end.value;
  return [
    returning.unit,
    service,
    describeShares(from),
    command === undefined ? 'unchanged' : describeShares(to),
    because,
  ];
}

function byUnit(
  done: readonly Returned[],
  sharesOf: (returned: Returned) => readonly Share[],
): Readonly<Record<string, Readonly<Record<string, number>>>> {
  return Object.fromEntries(done.map((returned) => [returned.returning.unit, percents(sharesOf(returned))]));
}

function percents(shares: readonly Share[]): Readonly<Record<string, number>> {
  return Object.fromEntries(shares.map(({ revision, percent }) => [revision, percent]));
}
