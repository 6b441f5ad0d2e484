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

/** The units in the text of an input: one JSON list, or several, each on a line of its own. */
export function parseReleases(text: string): readonly StagedUnit[] {
  const whole = parsedJson(text);
  if (whole !== undefined) return parseRelease(whole.value);
  return text
    .split('\n')
    .filter((line) => line.trim() !== '')
    .flatMap((line) => parseRelease(parsedJson(line)?.value ?? line));
}

function parsedJson(text: string): { readonly value: unknown } | undefined {
  try {
    return { value: JSON.parse(text) as unknown };
  } catch {
    return undefined;
  }
}

/** Units in the waves of a shift: gateways after everything that they call. A rollback takes them in reverse. */
export function inShiftOrder<T>(
  units: readonly T[],
  kindOf: (unit: T) => StagedUnit['kind'],
): readonly (readonly T[])[] {
  const isGateway = (unit: T) => kindOf(unit) === 'gateway';
  const waves = [units.filter((unit) => !isGateway(unit)), units.filter(isGateway)];
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
