import { FilterError } from './filter.ts';

export interface Token {
  readonly kind: 'word' | 'string' | 'comparator' | 'mark' | 'end';
  readonly text: string;
  /** Where it begins in the filter. */
  readonly at: number;
}

const FORMS: readonly (readonly [Token['kind'] | 'space', RegExp])[] = [
  ['space', /(?:\s+|--[^\n]*)/y],
  ['string', /"(?:[^"\\]|\\[\s\S])*"|'(?:[^'\\]|\\[\s\S])*'/y],
  ['comparator', /!=|<=|>=|=~|!~|[=<>:]/y],
  ['mark', /[(),]/y],
  ['word', /[^\s"'()=<>!:,~]+/y],
];

/** The tokens of a filter, the last one its end; throws a FilterError for a character that begins none. */
export function tokensOf(text: string): readonly Token[] {
  const tokens: Token[] = [];
  let at = 0;
  while (at < text.length) {
    const [kind, found] = formAt(text, at);
    if (kind !== 'space') tokens.push({ kind, text: kind === 'string' ? unquoted(found) : found, at });
    at += found.length;
  }
  return [...tokens, { kind: 'end', text: '', at }];
}

/** `line 1, column 7` */
export function placeIn(text: string, at: number): string {
  const lines = text.slice(0, at).split('\n');
  return `line ${lines.length}, column ${(lines.at(-1) ?? '').length + 1}`;
}

function formAt(text: string, at: number): readonly [Token['kind'] | 'space', string] {
  for (const [kind, form] of FORMS) {
    form.lastIndex = at;
    const found = form.exec(text)?.[0];
    if (found !== undefined) return [kind, found];
  }
  throw new FilterError(`syntax error at ${placeIn(text, at)}, token '${text.charAt(at)}'`);
}

function unquoted(text: string): string {
  return text.slice(1, -1).replace(/\\([\s\S])/g, (_, escaped: string) => ESCAPES[escaped] ?? escaped);
}

const ESCAPES: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r' };
