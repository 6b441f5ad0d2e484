import { type ActionContext, type Ended, messageOf } from '@fairlead/action-kit';

import type { Migrated } from './migrate.ts';
import type { MigrationTarget } from './migration-target.ts';

type Outcome = Ended<MigrationTarget, Migrated>;

/** Outputs and summary for whatever happened. */
export function report({ output, summary, log }: ActionContext, ended: readonly Outcome[]): void {
  const done = ended.flatMap((end) => (end.kind === 'done' ? [{ ...end.value, target: end.item }] : []));
  output(
    'executions',
    done.map(({ target: { name, units, image }, execution, attempt, result }) => ({
      units,
      job: name.job,
      execution,
      attempt,
      result,
      image,
    })),
  );
  output(
    'ran',
    done.some(({ result }) => result !== 'noop'),
  );
  summary.heading('Migrations');
  if (ended.length === 0) log.notice('none of the units has a migration; nothing was run');
  else summary.table(['job', 'units', 'execution', 'attempt', 'result'], ended.map(row));
  summary.sentence(sentence(ended.length, done));
  const commands = done.flatMap((migrated) => migrated.commands);
  if (commands.length > 0) summary.code('sh', commands.join('\n'));
}

function row(end: Outcome): readonly string[] {
  const { name, units } = end.item;
  if (end.kind === 'failed') return [name.job, units.join(', '), '', '', messageOf(end.thrown)];
  const { execution, attempt, result } = end.value;
  return [name.job, units.join(', '), execution, String(attempt), result];
}

function sentence(count: number, done: readonly Migrated[]): string {
  if (count === 0) return 'None of the units has a migration.';
  const before = done.filter(({ result }) => result === 'noop').length;
  const failed = count - done.length;
  if (failed > 0)
    return `${failed} of ${count} did not run to their end; nothing of this release may be deployed.`;
  return `${count - before} ran to their end, ${before} had done so before.`;
}
