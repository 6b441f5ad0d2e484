import { type ActionContext, type Ended, messageOf, counted } from '@fairlead/action-kit';
import type { Staged } from './stage-unit.ts';
import type { Staging } from './staging.ts';

type Outcome = Ended<Staging, Staged>;

/** Summary and log for whatever happened; outputs only for a release that is staged as a whole. */
export function report(
  { log, summary, output }: ActionContext,
  version: string,
  ended: readonly Outcome[],
): void {
  const done = ended.flatMap((end) => (end.kind === 'done' ? [end.value] : []));
  summary.heading(`Staged ${version}`);
  summary.sentence(sentence(ended.length, done));
  summary.table(['unit', 'service', 'revision', 'state', 'candidate'], ended.map(row));
  const commands = done.flatMap(({ command }) => command ?? []);
  if (commands.length > 0) summary.code('sh', commands.join('\n'));
  for (const end of ended) log.info(line(end));
  if (done.length < ended.length) return;
  const map = <T>(value: (staged: Staged['staged']) => T | undefined) =>
    Object.fromEntries(
      done.map(({ staged }) => [staged.unit, value(staged)]).filter(([, entry]) => entry !== undefined),
    ) as Record<string, T>;
  output(
    'release',
    done.map(({ staged }) => staged),
  );
  output(
    'revisions',
    map(({ revision }) => revision),
  );
  output(
    'urls',
    map(({ url }) => url),
  );
  output(
    'tag-urls',
    map(({ tagUrl }) => tagUrl),
  );
  output(
    'reused',
    done.filter(({ isReused }) => isReused).map(({ staged }) => staged.unit),
  );
}

function sentence(count: number, done: readonly Staged[]): string {
  if (done.length < count)
    return `${count - done.length} of ${counted(count, 'unit')} could not be staged; what served before still serves.`;
  const first = done.filter(({ kind }) => kind === 'first').length;
  const also =
    first === 0
      ? ''
      : ` ${first} of them never served before and have all traffic, because a service cannot have none.`;
  return `${counted(count, 'unit')} staged; nothing that serves was changed.${also}`;
}

function row(end: Outcome): readonly string[] {
  const { target } = end.item;
  if (end.kind === 'failed') return [target.unit, target.name.service, '', messageOf(end.thrown), ''];
  const { staged } = end.value;
  return [staged.unit, staged.service, staged.revision, stateOf(end.value), staged.tagUrl ?? 'no URL'];
}

function line(end: Outcome): string {
  if (end.kind === 'failed') return `${end.item.target.unit}: ${messageOf(end.thrown)}.`;
  const { staged } = end.value;
  return `${staged.unit}: ${staged.revision}, ${stateOf(end.value)}, image ${staged.image}.`;
}

function stateOf({ kind, isReused }: Staged): string {
  const traffic = kind === 'first' ? 'ready with all traffic (first revision)' : 'ready beside what serves';
  return isReused ? `${traffic}, was there already` : traffic;
}
