import { atKey, type Finding, shown, subjectOf } from './finding.ts';
import type { Entry, Outline } from './outline.ts';

/** Names on Google Cloud that clash or are too long. */
export function namingFindings(outline: Outline): readonly Finding[] {
  return [...sameNames(outline), ...longNames(outline)];
}

/** Names that must differ between units, in what they default to as well. */
function sameNames({ units }: Outline): readonly Finding[] {
  const kinds = [
    { what: 'Cloud Run service', of: (unit: Entry) => unit.text('service') ?? unit.name },
    {
      what: 'subgraph',
      of: (unit: Entry) => innerName(unit, 'subgraph', { key: 'name', otherwise: unit.name }),
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
