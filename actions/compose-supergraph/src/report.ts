import type { ActionContext } from '@fairlead/action-kit';
import { command } from '@fairlead/rollout';
import type { CompositionError, SchemaPlace, SubgraphSource } from '@fairlead/supergraph';

export interface Composed {
  readonly sources: readonly SubgraphSource[];
  readonly hints: readonly string[];
}

export interface Stored extends Composed {
  readonly digest: string;
  readonly object: string;
  readonly bucket: string;
  readonly url: string;
  readonly changed: boolean;
  readonly isNew: boolean;
  readonly unitEnv: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

/** Nothing to compose is no failure: a repository without subgraphs has no supergraph. */
export function reportNothing({ log, summary, output }: ActionContext): void {
  log.notice('no unit of the manifest is a subgraph; nothing was composed');
  summary.heading('Supergraph');
  summary.sentence('No unit is a subgraph.');
  output('changed', false);
  output('unit-env', {});
}

/** Annotates each error at its first place; the message that the step fails with. */
export function reportErrors({ log, summary }: ActionContext, errors: readonly CompositionError[]): string {
  for (const { code, message, places } of errors) {
    const [first, ...others] = places;
    const also = others.length === 0 ? '' : ` (see also ${others.map(shown).join(', ')})`;
    const said = `${message}${also}`;
    if (first === undefined) log.error(`${code}: ${said}`);
    else log.error(said, { file: first.file, line: first.line, column: first.column, title: code });
  }
  summary.heading('Supergraph: does not compose');
  summary.table(
    ['error', 'subgraphs', 'place', 'message'],
    errors.map(({ code, subgraphs, places, message }) => [
      code,
      subgraphs.join(', '),
      places.map(shown).join(', '),
      message,
    ]),
  );
  summary.sentence('Nothing was stored; the gateway keeps the supergraph that it has.');
  const [first] = errors;
  const place = first?.places[0];
  const head = `${place === undefined ? '' : `${shown(place)}: `}${first?.message ?? 'unknown'}`;
  const count = errors.length === 1 ? 'an error' : `${errors.length} errors, the first`;
  return `the subgraphs do not compose: ${count}: ${head}`;
}

export function reportValid(context: ActionContext, { sources, hints }: Composed): void {
  tellHints(context, hints);
  context.log.info(`${sources.length} subgraphs compose; nothing was stored, as told by input "publish"`);
  context.summary.heading('Supergraph: composes');
  context.summary.table(
    ['subgraph', 'schema'],
    sources.map(({ name, file }) => [name, file]),
  );
  context.summary.sentence('Nothing was stored.');
}

export function reportStored(context: ActionContext, stored: Stored): void {
  const { sources, hints, digest, object, bucket, url, changed, isNew, unitEnv } = stored;
  const { log, output, summary } = context;
  tellHints(context, hints);
  const place = `gs://${bucket}/${object}`;
  log.info(isNew ? `stored ${place}` : `${place} was there already`);
  const copy = ['storage', 'cp', 'supergraph.graphql', place, '--if-generation-match', '0'];
  log.info(`the same by hand: ${command(copy)}`);
  output('digest', digest);
  output('object', object);
  output('url', url);
  output('changed', changed);
  output('unit-env', unitEnv);
  summary.heading(`Supergraph ${digest.slice(0, 12)}`);
  summary.table(
    ['subgraph', 'schema', 'routing URL'],
    sources.map((one) => [one.name, one.file, one.url]),
  );
  summary.sentence(
    `${isNew ? 'Stored' : 'Was stored already'} as ${place}; ${changed ? 'the gateway is not yet pinned to it' : 'every gateway serves with it already'}.`,
  );
  summary.code('sh', command(copy));
}

function tellHints({ log }: ActionContext, hints: readonly string[]): void {
  for (const hint of hints) log.notice(hint);
}

function shown({ file, line, column }: SchemaPlace): string {
  return `${file}:${line}:${column}`;
}
