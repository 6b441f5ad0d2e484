import {
  type Document,
  isAlias,
  isCollection,
  isMap,
  isNode,
  isPair,
  isScalar,
  parseDocument,
  visit,
} from 'yaml';

import { shown } from './finding.ts';
import type { Finding, Path } from './finding.ts';

interface Position {
  readonly line: number;
  readonly column: number;
}

export interface Fault extends Position {
  readonly message: string;
}

/** YAML text as plain values, with the way back from a path to its place in the text. */
interface Source {
  readonly value: unknown;
  /** Duplicate keys: faults that leave the rest readable. */
  readonly faults: readonly Fault[];
  readonly placeOf: (finding: Finding) => Position;
}

export type ReadSource =
  | { readonly kind: 'source'; readonly source: Source }
  | { readonly kind: 'faults'; readonly faults: readonly Fault[] };

/** Reads one YAML document. Text that is not YAML gives its faults; nothing is thrown. */
export function readSource(text: string): ReadSource {
  try {
    return readDocument(text);
  } catch (thrown) {
    return { kind: 'faults', faults: [{ line: 1, column: 1, message: unreadable(thrown) }] };
  }
}

function readDocument(text: string): ReadSource {
  const document = parseDocument(text, {
    logLevel: 'error',
    merge: true,
    prettyErrors: false,
    stringKeys: true,
    uniqueKeys: false,
  });
  const broken = [...document.errors, ...document.warnings].map(({ pos, message }) => ({
    ...positionAt(text, pos[0]),
    message: `not readable as YAML: ${lowerFirst(message)}`,
  }));
  const faults = [...broken, ...unresolvedAliases(document, text)];
  if (faults.length > 0) return { kind: 'faults', faults };
  const value: unknown = document.toJS({ maxAliasCount: 1000 });
  const placeOf = (finding: Finding) => positionAt(text, offsetOf(document, finding));
  return { kind: 'source', source: { value, faults: duplicateKeys(document, text), placeOf } };
}

/** Line and column of an offset; an offset past the end counts as the end. */
function positionAt(text: string, offset: number): Position {
  const before = text.slice(0, Math.max(0, offset));
  return { line: before.split('\n').length, column: before.length - before.lastIndexOf('\n') };
}

function unresolvedAliases(document: Document, text: string): readonly Fault[] {
  const faults: Fault[] = [];
  visit(document, {
    Alias: (_, alias) => {
      if (alias.resolve(document) !== undefined) return;
      const message = `not readable as YAML: the alias *${alias.source} names no anchor that stands before it`;
      faults.push({ ...positionAt(text, alias.range?.[0] ?? 0), message });
    },
  });
  return faults;
}

function duplicateKeys(document: Document, text: string): readonly Fault[] {
  const faults: Fault[] = [];
  visit(document, {
    Map: (_, map) => {
      const first = new Map<string, Position>();
      for (const { key } of map.items) {
        const place = positionAt(text, startOf(key));
        const name = keyText(key);
        const earlier = first.get(name);
        if (earlier === undefined) first.set(name, place);
        else
          faults.push({ ...place, message: `key ${shown(name)} is already written in line ${earlier.line}` });
      }
    },
  });
  return faults;
}

/** The place of what a path names, or of the nearest thing around it that is in the text. */
function offsetOf(document: Document, { path, at }: Finding): number {
  let here: unknown = document.contents;
  let offset = startOf(here);
  for (const [index, step] of path.entries()) {
    const found = childOf(resolved(here, document), step);
    if (found === undefined) return offset;
    const isLast = index === path.length - 1;
    offset = isLast && at === 'value' && isInline(found.value) ? startOf(found.value) : found.offset;
    here = found.value;
  }
  return offset;
}

function childOf(
  node: unknown,
  step: Path[number],
): { readonly value: unknown; readonly offset: number } | undefined {
  if (!isCollection(node)) return undefined;
  if (!isMap(node)) {
    const item: unknown = typeof step === 'number' ? node.items[step] : undefined;
    return item === undefined ? undefined : { value: item, offset: startOf(item) };
  }
  const pair = node.items.findLast(({ key }) => keyText(key) === String(step));
  return pair === undefined ? undefined : { value: pair.value, offset: startOf(pair.key) };
}

function resolved(node: unknown, document: Document): unknown {
  return isAlias(node) ? node.resolve(document) : node;
}

// A block map or list begins on a later line than the key that a person would look for.
function isInline(node: unknown): boolean {
  return isNode(node) && (!isCollection(node) || node.flow === true);
}

function startOf(node: unknown): number {
  if (isPair(node)) return startOf(node.key);
  return isNode(node) ? (node.range?.[0] ?? 0) : 0;
}

function keyText(key: unknown): string {
  return isScalar(key) ? String(key.value) : '';
}

function unreadable(thrown: unknown): string {
  if (thrown instanceof RangeError) return 'not readable as YAML: nested too deeply';
  return `not readable as YAML: ${lowerFirst(thrown instanceof Error ? thrown.message : String(thrown))}`;
}

function lowerFirst(message: string): string {
  const line = message.replace(/\s+/g, ' ');
  return line.charAt(0).toLowerCase() + line.slice(1);
}
