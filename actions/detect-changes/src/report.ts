import { type ActionContext, counted } from '@fairlead/action-kit';
import { describeReason, type UnitChange } from '@fairlead/changes';
import type { Environment, Manifest, Unit } from '@fairlead/manifest';

import type { Compared } from './read-since.ts';

/** What the run is about, whether or not it delivers anywhere. */
interface Run {
  readonly commit: string;
  readonly tag: string;
}

export interface Detected extends Run {
  readonly environment: Environment;
  readonly manifest: Manifest;
  readonly since: ReadonlyMap<string, Compared>;
  readonly changes: readonly UnitChange[];
}

/** A branch or tag that maps to no environment: nothing is to be done, and that is said. */
export function reportNowhere(
  context: ActionContext,
  run: Run & { readonly ref: string; readonly manifest: string },
): void {
  const ref = run.ref.replace(/^refs\/(?:heads|tags)\//, '');
  const sentence = `"${ref}" maps to no environment of ${run.manifest}, so nothing is delivered.`;
  context.log.notice(sentence);
  context.summary.heading('No environment');
  context.summary.sentence(sentence);
  setOutputs(context, { ...run, environment: '', entries: [] });
}

export function reportChanges(context: ActionContext, detected: Detected): void {
  const entries = detected.changes
    .flatMap((change) =>
      detected.manifest.units.filter(({ name }) => name === change.unit).map((unit) => ({ change, unit })),
    )
    .map(({ change, unit }) => entryOf(change, unit, detected.environment))
    .sort((a, b) => a.wave - b.wave);
  warnOfDoubt(context, detected);
  logCommands(context, detected);
  for (const entry of entries)
    context.log.info(`${entry.name}: ${needsOf(entry)}, because of ${entry.reasons.join(', ')}`);
  const sentence = sentenceFor(entries.length, detected);
  context.log.info(sentence);
  context.summary.heading(`Changes for ${detected.environment.name}`);
  context.summary.table(
    ['unit', 'needs', 'why', 'wave', 'compared with'],
    entries.map((entry) => [
      entry.name,
      needsOf(entry),
      entry.reasons.join(', '),
      String(entry.wave + 1),
      detected.since.get(entry.name)?.base?.slice(0, 7) ?? 'nothing',
    ]),
  );
  context.summary.sentence(sentence);
  setOutputs(context, { ...detected, environment: detected.environment.name, entries });
}

/** What the jobs after this one need to know of a unit; only names of the manifest and described reasons. */
interface Entry {
  readonly name: string;
  readonly kind: UnitChange['kind'];
  /** Cloud Run service, with the environment's suffix. */
  readonly service: string;
  /** Last part of the image's name; empty on an external unit. */
  readonly image: string;
  readonly reasons: readonly string[];
  readonly wave: number;
  readonly build: boolean;
  readonly migrate: boolean;
  readonly compose: boolean;
  readonly deploy: boolean;
}

function entryOf(change: UnitChange, unit: Unit, environment: Environment): Entry {
  const { kind, wave, build, migrate, compose, deploy } = change;
  return {
    name: unit.name,
    kind,
    service: `${unit.service}${environment.suffix}`,
    image: unit.image?.name ?? '',
    reasons: change.reasons.map(describeReason),
    wave,
    build,
    migrate,
    compose,
    deploy,
  };
}

function needsOf(entry: Entry): string {
  const needs = (['build', 'migrate', 'compose', 'deploy'] as const).filter((need) => entry[need]);
  return needs.length === 0 ? 'nothing of ours' : needs.join(', ');
}

function sentenceFor(count: number, { manifest, commit, environment }: Detected): string {
  const of = `${count} of ${counted(manifest.units.length, 'unit')}`;
  return count === 0
    ? `Nothing that ${environment.name} runs changed up to ${commit.slice(0, 7)}.`
    : `${of} changed for ${environment.name} up to ${commit.slice(0, 7)}.`;
}

function warnOfDoubt({ log }: ActionContext, { since }: Detected): void {
  const doubts = new Set(
    [...since.values()].flatMap((each) => (each.kind === 'everything' ? [each.because] : [])),
  );
  for (const because of doubts) log.notice(`${because}: the units concerned count as changed altogether`);
}

/** The command that shows a person the same paths. */
function logCommands({ log }: ActionContext, { since, commit }: Detected): void {
  const bases = new Set([...since.values()].flatMap(({ base }) => base ?? []));
  for (const base of bases) log.info(`git diff --name-only --no-renames ${base} ${commit}`);
}

interface Outputs extends Run {
  readonly environment: string;
  readonly entries: readonly Entry[];
}

function setOutputs({ output }: ActionContext, { environment, commit, tag, entries }: Outputs): void {
  const named = (wanted: (entry: Entry) => boolean) => entries.filter(wanted).map(({ name }) => name);
  const build = entries.filter((entry) => entry.build);
  const migrate = named((entry) => entry.migrate);
  const gateway = named(({ deploy, kind }) => deploy && kind === 'gateway');
  const deploy = named((entry) => entry.deploy && entry.kind !== 'gateway');
  output('environment', environment);
  output('commit', commit);
  output('tag', tag);
  output('any', entries.length > 0);
  output('units', entries);
  output('matrix', { include: build });
  output(
    'build',
    build.map(({ name }) => name),
  );
  output('build-any', build.length > 0);
  output('migrate', migrate);
  output('migrate-any', migrate.length > 0);
  output(
    'compose',
    entries.some((entry) => entry.compose),
  );
  output(
    'schema-changed',
    named(({ compose, kind }) => compose && kind !== 'gateway'),
  );
  output('deploy', deploy);
  output('gateway', gateway);
  output('gateway-any', gateway.length > 0);
  output('deploy-any', deploy.length + gateway.length > 0);
}
