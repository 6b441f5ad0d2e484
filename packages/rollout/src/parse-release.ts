import { RolloutError } from './rollout-error.ts';
import type { StagedUnit } from './staged.ts';

const KINDS: readonly StagedUnit['kind'][] = ['service', 'worker', 'gateway', 'web'];
const REQUIRED = ['unit', 'project', 'region', 'service', 'revision', 'image', 'version'] as const;

/** The staged units in the parsed JSON of an input `release`. Throws with everything that is wrong with it. */
export function parseRelease(value: unknown): readonly StagedUnit[] {
  if (!Array.isArray(value))
    throw new RolloutError(
      'bad-release',
      `release must be the JSON list that deploy-cloud-run prints as its output "release", got ${typeOf(value)}`,
    );
  const entries: readonly unknown[] = value;
  const errors = entries.flatMap((entry, place) => errorsOf(entry, `release[${place}]`));
  if (errors.length > 0) throw new RolloutError('bad-release', errors.join('; '));
  return entries.map(stagedUnit);
}

/** The units in the order of a shift: gateways after everything that they call. */
export function inShiftOrder(units: readonly StagedUnit[]): readonly (readonly StagedUnit[])[] {
  const waves = [
    units.filter(({ kind }) => kind !== 'gateway'),
    units.filter(({ kind }) => kind === 'gateway'),
  ];
  return waves.filter((wave) => wave.length > 0);
}

function errorsOf(entry: unknown, place: string): readonly string[] {
  if (typeof entry !== 'object' || entry === null)
    return [`${place} must be an object, got ${typeOf(entry)}`];
  const fields = entry as Readonly<Record<string, unknown>>;
  const missing = REQUIRED.filter((name) => typeof fields[name] !== 'string' || fields[name] === '');
  return [
    ...missing.map((name) => `${place}.${name} must be text that is not empty, got ${typeOf(fields[name])}`),
    ...(KINDS.some((kind) => kind === fields['kind'])
      ? []
      : [`${place}.kind must be one of ${KINDS.join(', ')}, got ${JSON.stringify(fields['kind'])}`]),
  ];
}

function stagedUnit(entry: unknown): StagedUnit {
  const fields = entry as StagedUnit;
  const { unit, kind, project, region, service, revision, image, version } = fields;
  return {
    ...{ unit, kind, project, region, service, revision, image, version },
    ...(typeof fields.tag === 'string' ? { tag: fields.tag } : { tag: '' }),
    ...(typeof fields.tagUrl === 'string' ? { tagUrl: fields.tagUrl } : {}),
    ...(typeof fields.url === 'string' ? { url: fields.url } : {}),
  };
}

function typeOf(value: unknown): string {
  if (value === undefined) return 'nothing';
  return Array.isArray(value) ? 'a list' : typeof value === 'object' ? 'an object' : JSON.stringify(value);
}
