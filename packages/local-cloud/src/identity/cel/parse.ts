import { CelError, type Expression, type Operator } from './expression.ts';

/**
 * Parses the part of CEL that attribute mappings and conditions are made of: literals, lists, fields, `||`, `&&`, `!`, comparisons, `in`, `+`,
 * `? :`, `has()` and methods. Macros over lists, arithmetic, `extract` and types are left out. Throws a CelError with the place.
 */
export function parseCel(text: string): Expression {
  const reader = readerOf(text);
  const expression = choice(reader);
  if (reader.peek().kind !== 'end') throw reader.unexpected();
  return expression;
}

interface Token {
  readonly kind: 'string' | 'number' | 'name' | 'mark' | 'end';
  readonly text: string;
  readonly at: number;
}

interface Reader {
  readonly peek: () => Token;
  readonly take: () => Token;
  readonly takeIf: (mark: string) => boolean;
  readonly expect: (mark: string) => void;
  readonly unexpected: () => CelError;
  /** Runs one level deeper. */
  readonly nested: <T>(read: () => T) => T;
}

const TOKEN =
  /\s*(?:("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')|(\d+(?:\.\d+)?)|([A-Za-z_]\w*)|(\|\||&&|==|!=|<=|>=|[<>!+()[\].,?:-]))/y;

// Deeper than any condition that a person writes, and shallow enough for the stack.
const DEEPEST = 100;

function readerOf(text: string): Reader {
  const tokens = tokensOf(text);
  const end: Token = { kind: 'end', text: '', at: text.length };
  let next = 0;
  let depth = 0;
  const peek = () => tokens[next] ?? end;
  const take = () => {
    const token = peek();
    next += 1;
    return token;
  };
  const unexpected = () => {
    const { kind, text: found, at } = peek();
    return new CelError(`unexpected ${kind === 'end' ? 'end' : `"${found}"`} at position ${at + 1}`);
  };
  const takeIf = (mark: string) => {
    const fits = (peek().kind === 'mark' || peek().kind === 'name') && peek().text === mark;
    if (fits) take();
    return fits;
  };
  return {
    peek,
    take,
    takeIf,
    unexpected,
    expect: (mark) => {
      if (!takeIf(mark)) throw unexpected();
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

function tokensOf(text: string): readonly Token[] {
  const tokens: Token[] = [];
  TOKEN.lastIndex = 0;
  while (text.slice(TOKEN.lastIndex).trim() !== '') {
    const at = TOKEN.lastIndex;
    const found = TOKEN.exec(text);
    if (found === null)
      throw new CelError(`unexpected "${text.slice(at).trim().charAt(0)}" at position ${at + 1}`);
    tokens.push(tokenOf(found, at));
  }
  return tokens;
}

function tokenOf([, string, number, name, mark = '']: RegExpExecArray, at: number): Token {
  if (string !== undefined) return { kind: 'string', text: string.slice(1, -1).replace(/\\(.)/g, '$1'), at };
  if (number !== undefined) return { kind: 'number', text: number, at };
  return name === undefined ? { kind: 'mark', text: mark, at } : { kind: 'name', text: name, at };
}

function choice(reader: Reader): Expression {
  const test = reader.nested(() => binary(reader, 0));
  if (!reader.takeIf('?')) return test;
  const whenTrue = binary(reader, 0);
  reader.expect(':');
  return { kind: 'choice', test, whenTrue, whenFalse: reader.nested(() => choice(reader)) };
}

/** From loose to close. */
const LEVELS: readonly (readonly Operator[])[] = [
  ['||'],
  ['&&'],
  ['==', '!=', '<=', '>=', '<', '>', 'in'],
  ['+'],
];

function binary(reader: Reader, level: number): Expression {
  const operators = LEVELS[level];
  if (operators === undefined) return unary(reader);
  let left = binary(reader, level + 1);
  for (;;) {
    const operator = operators.find((one) => reader.peek().kind !== 'string' && reader.takeIf(one));
    if (operator === undefined) return left;
    left = { kind: 'binary', operator, left, right: binary(reader, level + 1) };
  }
}

function unary(reader: Reader): Expression {
  if (reader.takeIf('!')) return { kind: 'not', operand: reader.nested(() => unary(reader)) };
  if (!reader.takeIf('-')) return postfix(reader, primary(reader));
  const { kind, text } = reader.take();
  if (kind !== 'number') throw reader.unexpected();
  return { kind: 'literal', value: -Number(text) };
}

function postfix(reader: Reader, of: Expression): Expression {
  if (reader.takeIf('[')) {
    const key = choice(reader);
    reader.expect(']');
    return postfix(reader, { kind: 'field', of, key });
  }
  if (!reader.takeIf('.')) return of;
  const { kind, text: name } = reader.peek();
  if (kind !== 'name') throw reader.unexpected();
  reader.take();
  if (!reader.takeIf('('))
    return postfix(reader, { kind: 'field', of, key: { kind: 'literal', value: name } });
  return postfix(reader, { kind: 'method', of, name, arguments: list(reader, ')') });
}

function primary(reader: Reader): Expression {
  if (reader.takeIf('(')) {
    const inner = choice(reader);
    reader.expect(')');
    return inner;
  }
  if (reader.takeIf('[')) return { kind: 'list', items: list(reader, ']') };
  const { kind, text } = reader.peek();
  if (kind === 'end' || kind === 'mark' || text === 'in') throw reader.unexpected();
  reader.take();
  if (kind === 'string') return { kind: 'literal', value: text };
  if (kind === 'number') return { kind: 'literal', value: Number(text) };
  if (text === 'true' || text === 'false') return { kind: 'literal', value: text === 'true' };
  return text === 'has' && reader.takeIf('(') ? has(reader) : { kind: 'name', name: text };
}

function has(reader: Reader): Expression {
  const [field, ...rest] = list(reader, ')');
  if (field?.kind !== 'field' || rest.length > 0) throw new CelError('has() takes one field');
  return { kind: 'has', field };
}

function list(reader: Reader, end: string): readonly Expression[] {
  const items: Expression[] = [];
  if (reader.takeIf(end)) return items;
  do items.push(choice(reader));
  while (reader.takeIf(','));
  reader.expect(end);
  return items;
}
