import { type Comparison, type Filter, FilterError } from './filter.ts';
import { regex } from './regex.ts';

/** What a filter is held against. */
export interface Fields {
  /** The JSON value at a path; undefined when there is none. */
  readonly read: (path: readonly string[]) => unknown;
  /** Where the text of a field stands in its order, for times and severities; undefined for fields that are compared as they are. */
  readonly rank?: (path: readonly string[], text: string) => number | undefined;
  /** Whether "A" and "a" are the same. */
  readonly ignoresCase?: boolean;
  /** All of it, for text that may stand anywhere. */
  readonly everything?: unknown;
}

/** A comparison with a field that is not there is false, whatever the comparator. */
export function matches(filter: Filter | undefined, fields: Fields): boolean {
  switch (filter?.kind) {
    case undefined:
      return true;
    case 'and':
      return filter.parts.every((part) => matches(part, fields));
    case 'or':
      return filter.parts.some((part) => matches(part, fields));
    case 'not':
      return !matches(filter.part, fields);
    case 'anywhere':
      return textsIn(fields.everything).some((text) => contains(text, filter.text, true));
    case 'compare':
      return compare(filter, fields);
  }
}

function compare(comparison: Comparison, fields: Fields): boolean {
  const value = fields.read(comparison.path);
  if (value === undefined || value === null) return false;
  const values: readonly unknown[] = Array.isArray(value) ? value : [value];
  return values.some((one) => compareOne(comparison, one, fields));
}

function compareOne({ path, comparator, operand }: Comparison, value: unknown, fields: Fields): boolean {
  if (operand.kind === 'call') {
    const holds = calls(operand, scalarText(value) ?? '');
    return comparator === '!=' ? !holds : holds;
  }
  if (comparator === ':') return has(value, operand.text, fields.ignoresCase === true);
  const text = scalarText(value);
  if (text === undefined) return false;
  if (comparator === '=~' || comparator === '!~')
    return regex(operand.text).test(text) === (comparator === '=~');
  const order = orderOf({ path, left: text, right: operand.text }, fields);
  switch (comparator) {
    case '=':
      return order === 0;
    case '!=':
      return order !== 0;
    case '<':
      return order < 0;
    case '<=':
      return order <= 0;
    case '>':
      return order > 0;
    case '>=':
      return order >= 0;
  }
}

interface Sides {
  readonly path: readonly string[];
  readonly left: string;
  readonly right: string;
}

/** Below 0 when the left side comes first; not a number when there is no order between the two. */
function orderOf({ path, left, right }: Sides, { rank, ignoresCase }: Fields): number {
  const [a, b] = [left, right].map((text) => rank?.(path, text) ?? (text === '' ? Number.NaN : Number(text)));
  if (a !== undefined && b !== undefined && !Number.isNaN(a) && !Number.isNaN(b)) return a - b;
  const [first, second] = ignoresCase === true ? [left.toLowerCase(), right.toLowerCase()] : [left, right];
  return first === second ? 0 : first < second ? -1 : 1;
}

function has(value: unknown, wanted: string, ignoresCase: boolean): boolean {
  if (wanted === '*') return true;
  return textsIn(value).some((text) => contains(text, wanted, ignoresCase));
}

function contains(text: string, part: string, ignoresCase: boolean): boolean {
  return ignoresCase ? text.toLowerCase().includes(part.toLowerCase()) : text.includes(part);
}

function calls(
  { name, values }: { readonly name: string; readonly values: readonly string[] },
  text: string,
) {
  const [value = ''] = values;
  switch (name) {
    case 'starts_with':
      return text.startsWith(value);
    case 'ends_with':
      return text.endsWith(value);
    case 'has_substring':
      return text.includes(value);
    case 'one_of':
      return values.includes(text);
    case 'monitoring.regex.full_match':
      return regex(value).testExact(text);
    default:
      throw new FilterError(`function "${name}" is not known`);
  }
}

function scalarText(value: unknown): string | undefined {
  if (typeof value === 'string') return value;
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : undefined;
}

function textsIn(value: unknown): readonly string[] {
  const text = scalarText(value);
  if (text !== undefined) return [text];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsIn) : [];
}
