/** What a `.dockerignore` leaves out of a build context. */
export interface DockerIgnore {
  readonly ignores: (path: string) => boolean;
  /** Whether nothing below a folder that is ignored can come back by an exception. */
  readonly hasExceptions: boolean;
}

interface Rule {
  readonly pattern: RegExp;
  readonly isException: boolean;
}

/** Reads a `.dockerignore` as Docker does: the last rule that fits decides, a rule for a folder is one for all in it. */
export function dockerIgnore(text: string): DockerIgnore {
  const rules = text
    .replace(/^\ufeff/, '')
    .split(/\r?\n/)
    .filter((line) => !line.startsWith('#'))
    .map((line) => line.trim())
    .filter((line) => line !== '' && line !== '!')
    .map(ruleOf);
  return {
    hasExceptions: rules.some(({ isException }) => isException),
    ignores: (path) => {
      const deciding = rules.findLast(({ pattern }) => pattern.test(path));
      return deciding !== undefined && !deciding.isException;
    },
  };
}

function ruleOf(line: string): Rule {
  const isException = line.startsWith('!');
  const written = (isException ? line.slice(1) : line).trim();
  const cleaned = written
    .split('/')
    .filter((part) => part !== '' && part !== '.')
    .join('/');
  return { isException, pattern: patternOf(cleaned) };
}

/** A pattern that is malformed fits nothing: what it meant to keep out counts as part of the context. */
function patternOf(cleaned: string): RegExp {
  try {
    return new RegExp(`^${sourceOf(cleaned)}(?:/|$)`, 's');
  } catch {
    return /(?!)/;
  }
}

/** `*` and `?` within a name, `**` over any number of folders, `[…]` as in Go's filepath.Match, `\` before a literal. */
function sourceOf(pattern: string): string {
  const tokens = pattern.match(/\*\*\/|\*\*|\\.|\[\^?[^\]]+\]|./gsu) ?? [];
  return tokens.map((token) => WILDCARDS.get(token) ?? literal(token)).join('');
}

const WILDCARDS: ReadonlyMap<string, string> = new Map([
  ['**/', '(?:.*/)?'],
  ['**', '.*'],
  ['*', '[^/]*'],
  ['?', '[^/]'],
]);

function literal(token: string): string {
  if (token.length > 2 && token.startsWith('[')) return `[${token.slice(1, -1).replace(/[\\[\]]/g, '\\$&')}]`;
  const letter = token.startsWith('\\') && token.length > 1 ? token.slice(1) : token;
  return letter.replace(/[.*+?^${}()|[\]\\/-]/g, '\\$&');
}
