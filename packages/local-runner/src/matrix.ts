import { WorkflowError } from './failure.ts';
import { isList, isRecord, type Json, type JsonRecord, shown } from './json.ts';

const MOST_LEGS = 256;

/** One combination of a matrix. */
export type Combination = JsonRecord;

/** All combinations of an evaluated `strategy.matrix`, excluded ones left out and included ones joined or added, in GitHub's order. */
export function combinationsOf(matrix: JsonRecord): readonly Combination[] {
  const { include, exclude, ...vectors } = matrix;
  const excluded = recordsOf(exclude, 'exclude');
  const base = product(vectors).filter((each) => !excluded.some((pattern) => matches(each, pattern)));
  const all = included(base, recordsOf(include, 'include'));
  if (all.length === 0)
    throw new WorkflowError(
      'the matrix has no combination; guard the job with an if on the list that fills it',
    );
  if (all.length > MOST_LEGS)
    throw new WorkflowError(`the matrix has ${all.length} combinations, the limit is ${MOST_LEGS}`);
  return all;
}

/** `a, 1`: what distinguishes a combination in a job's name. */
export function labelOf(combination: Combination): string {
  return Object.values(combination).flatMap(scalarsIn).join(', ');
}

function product(vectors: JsonRecord): readonly Combination[] {
  const names = Object.keys(vectors);
  if (names.length === 0) return [];
  return names.reduce<readonly Combination[]>(
    (combinations, name) =>
      combinations.flatMap((each) => valuesOf(vectors, name).map((value) => ({ ...each, [name]: value }))),
    [{}],
  );
}

function valuesOf(vectors: JsonRecord, name: string): readonly Json[] {
  const values = vectors[name];
  if (!isList(values)) throw new WorkflowError(`matrix "${name}" must be a list, got ${shown(values)}`);
  if (values.length === 0)
    throw new WorkflowError(
      `matrix "${name}" has no values; guard the job with an if on the list that fills it`,
    );
  return values;
}

// An entry joins every combination whose original values it does not contradict; it is a combination of its own if there is none.
function included(base: readonly Combination[], entries: readonly JsonRecord[]): readonly Combination[] {
  const joined = base.map((original) =>
    entries.reduce<Combination>(
      (sum, entry) => (joins(original, entry) ? { ...sum, ...entry } : sum),
      original,
    ),
  );
  return [...joined, ...entries.filter((entry) => !base.some((original) => joins(original, entry)))];
}

function joins(original: Combination, entry: JsonRecord): boolean {
  return Object.entries(entry).every(([name, value]) => !(name in original) || same(original[name], value));
}

function matches(combination: Combination, pattern: JsonRecord): boolean {
  return Object.entries(pattern).every(([name, value]) => partOf(combination[name], value));
}

function partOf(whole: Json, part: Json): boolean {
  if (whole === undefined || part === undefined || !isRecord(whole) || !isRecord(part))
    return same(whole, part);
  return Object.entries(part).every(([name, value]) => partOf(whole[name], value));
}

function same(one: Json, other: Json): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

function recordsOf(value: Json, name: string): readonly JsonRecord[] {
  if (value === undefined) return [];
  const entries = isList(value) ? value : [value];
  return entries.map((entry) => {
    if (entry === undefined || !isRecord(entry))
      throw new WorkflowError(`matrix ${name} must be a list of mappings`);
    return entry;
  });
}

function scalarsIn(value: Json): readonly string[] {
  if (value === undefined) return [];
  if (typeof value === 'object') return (isList(value) ? value : Object.values(value)).flatMap(scalarsIn);
  return [String(value)];
}
