import { type Comparator, type Filter, FilterError, type Operand } from './filter.ts';
import { regex } from './regex.ts';
import { placeIn, type Token, tokensOf } from './tokens.ts';

/**
 * Parses the filter language that Cloud Logging, Monitoring and Container Analysis share: comparisons joined by AND (which may be left
 * out), OR, NOT or `-`, and parentheses; OR binds closer than AND. Undefined for an empty filter, which fits everything. Throws a FilterError.
 */
export function parseFilter(text: string): Filter | undefined {
  const reader = readerOf(text);
  if (reader.peek().kind === 'end') return undefined;
  const filter = conjunction(reader);
  if (reader.peek().kind !== 'end') throw reader.unexpected();
  return filter;
}

// A filter that is nested deeper than this is no filter of a person, and would exhaust the stack.
const DEEPEST = 100;

interface Reader {
  readonly peek: () => Token;
  readonly take: () => Token;
  /** Takes the next token if it is this one. */
  readonly takeIf: (kind: Token['kind'], text: string) => boolean;
  readonly unexpected: () => FilterError;
  /** Runs one level deeper. */
  readonly nested: <T>(read: () => T) => T;
}

function readerOf(text: string): Reader {
  const tokens = tokensOf(text);
  const last: Token = { kind: 'end', text: '', at: text.length };
  let next = 0;
  let depth = 0;
  const peek = () => tokens[next] ?? last;
  const unexpected = () => {
    const token = peek();
    const what = token.kind === 'end' ? 'the end of the filter' : `token '${token.text}'`;
    return new FilterError(`syntax error at ${placeIn(text, token.at)}, ${what}`);
  };
  const take = () => {
    const token = peek();
    next += 1;
    return token;
  };
  return {
    peek,
    take,
    unexpected,
    takeIf: (kind, wanted) => {
      const fits = peek().kind === kind && peek().text === wanted;
      if (fits) take();
      return fits;
    },
    nested: (read) => {
      if (depth >= DEEPEST) throw unexpected();
      depth += 1;
      const result = read();
      depth -= 1;
      return result;
    },
  };
}

function conjunction(reader: Reader): Filter {
  const parts = [disjunction(reader)];
  while (reader.takeIf('word', 'AND') || beginsPart(reader.peek())) parts.push(disjunction(reader));
  return joined('and', parts);
}

function beginsPart({ kind, text }: Token): boolean {
  return kind === 'string' || (kind === 'word' && text !== 'OR') || (kind === 'mark' && text === '(');
}

function disjunction(reader: Reader): Filter {
  const parts = [negation(reader)];
  while (reader.takeIf('word', 'OR')) parts.push(negation(reader));
  return joined('or', parts);
}

function joined(kind: 'and' | 'or', parts: readonly Filter[]): Filter {
  const [only] = parts;
  return only !== undefined && parts.length === 1 ? only : { kind, parts };
}

function negation(reader: Reader): Filter {
  if (reader.takeIf('word', 'NOT') || reader.takeIf('word', '-'))
    return { kind: 'not', part: reader.nested(() => negation(reader)) };
  if (!reader.takeIf('mark', '(')) return restriction(reader);
  const inner = reader.nested(() => conjunction(reader));
  if (!reader.takeIf('mark', ')')) throw reader.unexpected();
  return inner;
}

function restriction(reader: Reader): Filter {
  const first = reader.peek();
  if (first.kind !== 'word' && first.kind !== 'string') throw reader.unexpected();
  const isNegated = first.kind === 'word' && first.text.startsWith('-') && first.text.length > 1;
  const path = fieldPath(reader, isNegated);
  if (reader.peek().kind !== 'comparator') return { kind: 'anywhere', text: path.join('.') };
  const comparator = reader.take().text as Comparator;
  const compared = operands(reader, (operand) => {
    checkRegex(comparator, operand);
    return { kind: 'compare', path, comparator, operand };
  });
  return isNegated ? { kind: 'not', part: compared } : compared;
}

/** A filter that cannot be is refused whether or not there is anything that it is held against. */
function checkRegex(comparator: Comparator, operand: Operand): void {
  if (operand.kind === 'text' && (comparator === '=~' || comparator === '!~')) regex(operand.text);
  if (operand.kind === 'call' && operand.name === 'monitoring.regex.full_match')
    operand.values.forEach(regex);
}

/** `resource.labels.a`, `labels."a.b".c` */
function fieldPath(reader: Reader, isNegated: boolean): readonly string[] {
  const first = reader.take();
  const text = isNegated ? first.text.slice(1) : first.text;
  const segments = first.kind === 'string' ? [first.text] : text.split('.');
  for (;;) {
    const { kind, text: next } = reader.peek();
    if (kind === 'string' && segments.at(-1) === '') segments[segments.length - 1] = reader.take().text;
    else if (kind === 'word' && next.startsWith('.'))
      segments.push(...reader.take().text.slice(1).split('.'));
    else if (segments.includes('') && first.kind === 'word') throw reader.unexpected();
    else return segments;
  }
}

/** One operand, or several in parentheses: `severity = (ERROR OR WARNING)`. */
function operands(reader: Reader, compare: (operand: Operand) => Filter): Filter {
  if (!reader.takeIf('mark', '(')) return compare(operandOf(reader));
  const parts = [compare(operandOf(reader))];
  const kind = reader.peek().text === 'AND' ? 'and' : 'or';
  while (reader.takeIf('word', kind.toUpperCase())) parts.push(compare(operandOf(reader)));
  if (!reader.takeIf('mark', ')')) throw reader.unexpected();
  return joined(kind, parts);
}

function operandOf(reader: Reader): Operand {
  const { kind } = reader.peek();
  if (kind !== 'word' && kind !== 'string') throw reader.unexpected();
  const { text } = reader.take();
  if (kind === 'string' || !reader.takeIf('mark', '(')) return { kind: 'text', text };
  const values = [callValue(reader)];
  while (reader.takeIf('mark', ',')) values.push(callValue(reader));
  if (!reader.takeIf('mark', ')')) throw reader.unexpected();
  return { kind: 'call', name: text, values };
}

function callValue(reader: Reader): string {
  const { kind } = reader.peek();
  if (kind !== 'word' && kind !== 'string') throw reader.unexpected();
  return reader.take().text;
}
