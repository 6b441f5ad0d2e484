import { atKey, atValue, type Finding, type Path, subjectOf } from './finding.ts';
import { entriesOf, type Entry } from './outline.ts';

/** Settings of one unit that contradict each other. */
export function unitFindings(unit: Entry): readonly Finding[] {
  const isExternal = unit.text('kind') === 'external';
  const built = ['image', 'migration', 'run', 'rollout'].filter(
    (key) => isExternal && unit.at(key) !== undefined,
  );
  const needsPaths = !isExternal && unit.text('kind') !== undefined && unit.at('paths') === undefined;
  return [
    ...runFindings(unit),
    ...built.map((key) =>
      atKey(
        [...unit.path, key],
        `${subjectOf(unit.path)} is external, so ${key} means nothing; leave it out or change its kind`,
      ),
    ),
    ...(needsPaths
      ? [atKey(unit.path, `${subjectOf(unit.path)}: paths are required, or no change would ever reach it`)]
      : []),
  ];
}

/** Variables that Cloud Run or Fairlead sets, and that a deployment would refuse or overwrite. */
const RESERVED: ReadonlyMap<string, string> = new Map([
  ['PORT', 'Cloud Run sets it from run.port'],
  ['K_SERVICE', 'Cloud Run sets it'],
  ['K_REVISION', 'Cloud Run sets it'],
  ['K_CONFIGURATION', 'Cloud Run sets it'],
  ['IMAGE_TAG', 'Fairlead sets it on every revision'],
]);

/** Run settings, of a unit or an environment, that Cloud Run would refuse. */
export function runFindings(owner: Entry): readonly Finding[] {
  const run = [...owner.path, 'run'];
  const named = (section: string) =>
    entriesOf(owner.at('run', section)).map(([key]) => ({ key, path: [...run, section, key] }));
  const plain = new Set(named('env').map(({ key }) => key));
  return [
    ...[...named('env'), ...named('secrets')].flatMap(({ key, path }) => reservedFinding(key, path)),
    ...named('secrets')
      .filter(({ key }) => plain.has(key))
      .map(({ path }) => atKey(path, `${subjectOf(path)} is also in env; keep one of the two`)),
    ...instanceFindings(owner, [...run, 'min-instances']),
  ];
}

function reservedFinding(key: string, path: Path): readonly Finding[] {
  const reason = RESERVED.get(key);
  return reason === undefined ? [] : [atKey(path, `${subjectOf(path)} cannot be set: ${reason}`)];
}

function instanceFindings(owner: Entry, path: Path): readonly Finding[] {
  const [min, max] = [owner.at('run', 'min-instances'), owner.at('run', 'max-instances')];
  if (typeof min !== 'number' || typeof max !== 'number' || min <= max) return [];
  return [atValue(path, `${subjectOf(path)} is ${min}, more than max-instances, which is ${max}`)];
}
