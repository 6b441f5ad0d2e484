import type * as z from 'zod';

import { atKey, atValue, type Finding, type Path, shown, subjectOf } from './finding.ts';
import { writtenManifest } from './shape.ts';
import type { WrittenManifest } from './shape.ts';
import { didYouMean } from './suggestion.ts';

export type Shaped =
  | { readonly kind: 'written'; readonly written: WrittenManifest }
  | { readonly kind: 'findings'; readonly findings: readonly Finding[] };

/** Checks the shape of a value: which keys there are and what each may hold. */
export function shapeOf(value: unknown): Shaped {
  const result = writtenManifest.safeParse(value, { error: words });
  if (result.success) return { kind: 'written', written: result.data };
  return { kind: 'findings', findings: result.error.issues.flatMap((issue) => findingsOf(issue, [])) };
}

function findingsOf(issue: z.core.$ZodIssue, above: Path): readonly Finding[] {
  const path = [...above, ...issue.path.map((step) => (typeof step === 'number' ? step : String(step)))];
  switch (issue.code) {
    case 'unrecognized_keys': {
      const lines = issue.message.split('\n');
      return issue.keys.map((key, index) =>
        atKey([...path, key], `${subjectOf(path)} ${lines[index] ?? ''}`),
      );
    }
    case 'invalid_key':
      return [atKey(path, `${subjectOf(path)} ${issue.issues[0]?.message ?? 'is not allowed'}`)];
    case 'invalid_union': {
      const inside = closestBranch(issue.errors);
      return inside === undefined
        ? [atValue(path, `${subjectOf(path)} ${issue.message}`)]
        : inside.flatMap((nested) => findingsOf(nested, path));
    }
    default:
      return [atValue(path, `${subjectOf(path)} ${issue.message}`)];
  }
}

/** Of the ways to write a value, the one that was meant: its faults lie deepest, or say more than its type. */
function closestBranch(
  branches: readonly (readonly z.core.$ZodIssue[])[],
): readonly z.core.$ZodIssue[] | undefined {
  return (
    branches.find((issues) => issues.some(({ path }) => path.length > 0)) ??
    branches.find((issues) => issues.every(({ code }) => code !== 'invalid_type')) ??
    branches[0]
  );
}

function words(issue: z.core.$ZodRawIssue): string | undefined {
  switch (issue.code) {
    case 'invalid_type':
      return wrongType(issue.expected, issue.input);
    case 'invalid_value':
      return notAmong(issue.values.map(String), issue.input);
    case 'too_small':
      return issue.origin === 'array'
        ? 'must have at least one entry'
        : `must be ${issue.inclusive === false ? 'more than' : 'at least'} ${issue.minimum}, got ${shown(issue.input)}`;
    case 'too_big':
      return issue.origin === 'array'
        ? `must have at most ${issue.maximum} entries`
        : `must be at most ${issue.maximum}, got ${shown(issue.input)}`;
    default:
      return undefined;
  }
}

function wrongType(expected: string, input: unknown): string {
  const wanted = TYPES.get(expected) ?? expected;
  if (input === undefined) return `is required and must be ${wanted}`;
  const quote = expected === 'string' && (typeof input === 'number' || typeof input === 'boolean');
  return `must be ${wanted}, got ${shown(input)}${quote ? ': put it in quotes' : ''}`;
}

function notAmong(values: readonly string[], input: unknown): string {
  const choices = values.map((value) => `"${value}"`).join(', ');
  if (input === undefined) return `is required and must be one of ${choices}`;
  const hint = typeof input === 'string' ? didYouMean(input, values) : '';
  return `must be one of ${choices}, got ${shown(input)}${hint}`;
}

const TYPES: ReadonlyMap<string, string> = new Map([
  ['string', 'text'],
  ['number', 'a number'],
  ['int', 'a whole number'],
  ['boolean', 'true or false'],
  ['array', 'a list'],
  ['object', 'a map'],
  ['record', 'a map'],
]);
