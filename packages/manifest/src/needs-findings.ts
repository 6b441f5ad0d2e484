import { cyclesOf } from './cycles.ts';
import { atKey, atValue, type Finding, shown, subjectOf } from './finding.ts';
import type { Outline } from './outline.ts';
import { didYouMean } from './suggestion.ts';

/** Faults of the graph that `needs` draws. */
export function needsFindings(outline: Outline): readonly Finding[] {
  return [...unknownNeeds(outline), ...cycles(outline), ...sharedNames(outline)];
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
