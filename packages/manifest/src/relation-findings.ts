import { BRANCH_PATTERN, branchPatternsMeet } from './branch-pattern.ts';
import { cyclesOf } from './cycles.ts';
import { atKey, atValue, type Finding, shown, subjectOf } from './finding.ts';
import { entriesOf, type Entry, type Outline, outlineOf } from './outline.ts';
import { didYouMean } from './suggestion.ts';

/** Faults between entries that may each be well formed. */
export function relationFindings(value: unknown): readonly Finding[] {
  const outline = outlineOf(value);
  return [
    ...unknownNeeds(outline),
    ...cycles(outline),
    ...sharedNames(outline),
    ...ambiguousBranches(outline),
    ...sameNames(outline),
    ...longNames(outline),
    ...sharedServices(outline),
    ...outline.units.flatMap(unitFindings),
    ...outline.environments.flatMap((environment) => runFindings(environment)),
  ];
}

function unknownNeeds({ units, shared }: Outline): readonly Finding[] {
  const known = [...units, ...shared].map(({ name }) => name);
  const names = new Set(known);
  return units.flatMap((unit) =>
    unit
      .texts('needs')
      .filter(({ text }) => !names.has(text))
      .map(({ text, path }) =>
        atValue(
          path,
          `${subjectOf(unit.path)}: needs ${shown(text)}, which is neither a unit nor a shared set${didYouMean(text, known)}`,
        ),
      ),
  );
}

function cycles({ units }: Outline): readonly Finding[] {
  const needs = new Map(units.map((unit) => [unit.name, unit.texts('needs').map(({ text }) => text)]));
  return cyclesOf(needs).map((cycle) => {
    const [first = ''] = cycle;
    const path = ['units', first, 'needs'];
    return cycle.length === 1
      ? atValue(path, `unit ${shown(first)}: needs itself`)
      : atValue(path, `units need each other in a circle: ${[...cycle, first].join(' → ')}`);
  });
}

function sharedNames({ units, shared }: Outline): readonly Finding[] {
  const names = new Set(units.map(({ name }) => name));
  return shared
    .filter(({ name }) => names.has(name))
    .map(({ name, path }) =>
      atKey(path, `${subjectOf(path)} has the name of a unit; rename one of the two: ${shown(name)}`),
    );
}

function ambiguousBranches({ environments }: Outline): readonly Finding[] {
  return ['branches', 'tags'].flatMap((key) => {
    const patterns = environments.flatMap((environment) =>
      environment
        .texts(key)
        .filter(({ text }) => BRANCH_PATTERN.test(text))
        .map((pattern) => ({ environment: environment.name, ...pattern })),
    );
    return patterns.flatMap((pattern, index) => {
      const earlier = patterns
        .slice(0, index)
        .find(({ environment, text }) =>
          environment === pattern.environment
            ? text === pattern.text
            : branchPatternsMeet(text, pattern.text),
        );
      if (earlier === undefined) return [];
      return [
        atValue(
          pattern.path,
          `environment ${shown(pattern.environment)}: ${shown(pattern.text)} meets ${shown(earlier.text)} of environment ${shown(earlier.environment)}; a branch or tag may map to one environment once`,
        ),
      ];
    });
  });
}

/** Names that must differ between units, in what they default to as well. */
function sameNames({ units }: Outline): readonly Finding[] {
  const kinds = [
    { what: 'Cloud Run service', of: (unit: Entry) => unit.text('service') ?? unit.name },
    {
      what: 'subgraph',
      of: (unit: Entry) => innerName(unit, 'subgraph', { key: 'name', otherwise: unit.name }),
    },
    {
      what: 'migration job',
      of: (unit: Entry) => innerName(unit, 'migration', { key: 'job', otherwise: `migrate-${unit.name}` }),
    },
  ];
  return kinds.flatMap(({ what, of }) => {
    const owners = new Map<string, string>();
    return units.flatMap((unit) => {
      const name = of(unit);
      const owner = name === undefined ? undefined : owners.get(name);
      if (name !== undefined && owner === undefined) owners.set(name, unit.name);
      if (name === undefined || owner === undefined) return [];
      return [
        atKey(
          unit.path,
          `${subjectOf(unit.path)}: its ${what} is named ${shown(name)}, as that of unit ${shown(owner)}`,
        ),
      ];
    });
  });
}

function innerName(
  unit: Entry,
  section: string,
  { key, otherwise }: { readonly key: string; readonly otherwise: string },
) {
  if (unit.at(section) === undefined) return undefined;
  const written = unit.at(section, key);
  return typeof written === 'string' ? written : otherwise;
}

const LONGEST_SERVICE = 49;

function longNames({ units, environments }: Outline): readonly Finding[] {
  return environments.flatMap((environment) => {
    const suffix = environment.text('suffix') ?? '';
    return units
      .map((unit) => ({ unit, service: `${unit.text('service') ?? unit.name}${suffix}` }))
      .filter(({ service }) => service.length > LONGEST_SERVICE)
      .map(({ unit, service }) =>
        atKey(
          unit.path,
          `${subjectOf(unit.path)}: its service in environment ${shown(environment.name)} would be named ${shown(service)}, ${service.length} characters; Cloud Run takes at most ${LONGEST_SERVICE}`,
        ),
      );
  });
}

/** Two environments that would deliver to the very same services. */
function sharedServices(outline: Outline): readonly Finding[] {
  const targets = new Map<string, string>();
  return outline.environments.flatMap((environment) => {
    const project = environment.text('project') ?? outline.project;
    const region = environment.text('region') ?? outline.region;
    if (project === undefined || region === undefined) return [];
    const target = JSON.stringify([project, region, environment.text('suffix') ?? '']);
    const earlier = targets.get(target);
    targets.set(target, earlier ?? environment.name);
    if (earlier === undefined) return [];
    return [
      atKey(
        environment.path,
        `${subjectOf(environment.path)} delivers to the same services as environment ${shown(earlier)}, in project ${shown(project)} and region ${shown(region)}; give one of them a suffix or a project of its own`,
      ),
    ];
  });
}

function unitFindings(unit: Entry): readonly Finding[] {
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

function runFindings(owner: Entry): readonly Finding[] {
  const env = entriesOf(owner.at('run', 'env')).map(([key]) => key);
  const secrets = entriesOf(owner.at('run', 'secrets')).map(([key]) => key);
  const [min, max] = [owner.at('run', 'min-instances'), owner.at('run', 'max-instances')];
  const reserved = [...env.map((key) => ['env', key]), ...secrets.map((key) => ['secrets', key])].flatMap(
    ([section = '', key = '']) => {
      const reason = RESERVED.get(key);
      const path = [...owner.path, 'run', section, key];
      return reason === undefined ? [] : [atKey(path, `${subjectOf(path)} cannot be set: ${reason}`)];
    },
  );
  const twice = secrets
    .filter((key) => env.includes(key))
    .map((key) => [...owner.path, 'run', 'secrets', key])
    .map((path) => atKey(path, `${subjectOf(path)} is also in env; keep one of the two`));
  const crossed =
    typeof min === 'number' && typeof max === 'number' && min > max
      ? [
          atValue(
            [...owner.path, 'run', 'min-instances'],
            `${subjectOf([...owner.path, 'run', 'min-instances'])} is ${min}, more than max-instances, which is ${max}`,
          ),
        ]
      : [];
  return [...reserved, ...twice, ...crossed];
}
