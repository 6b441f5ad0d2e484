import { invalid } from './storage-error.ts';

/** Whether a name fits the glob; any does when there is none. `**` goes over slashes; `*`, `?` and sets do not; `{a,b}` is one of them. */
export function globTest(glob: string, delimiter: string): (name: string) => boolean {
  if (glob === '') return () => true;
  if (delimiter !== '' && delimiter !== '/')
    throw invalid('The delimiter must be "/" when a matchGlob is given.');
  const pattern = patternOf(glob);
  return (name) => pattern.test(name);
}

const TOKEN = /\*\*\/|\*+|\?|\[!?(?:[^\]\\]|\\.)+\]|\\.|[^]/gu;

function patternOf(glob: string): RegExp {
  let depth = 0;
  const parts = [...glob.matchAll(TOKEN)].map(([token]) => {
    depth += token === '{' ? 1 : token === '}' ? -1 : 0;
    if (token === '[' || depth < 0) throw malformed(glob);
    return partOf(token, depth + (token === '}' ? 1 : 0));
  });
  if (depth > 0) throw malformed(glob);
  try {
    return new RegExp(`^${parts.join('')}$`, 'su');
  } catch {
    // A set that runs backwards, `[z-a]`.
    throw malformed(glob);
  }
}

/** What stands for a token that is `depth` braces deep. */
function partOf(token: string, depth: number): string {
  switch (token) {
    case '**/':
      return '(?:.*/)?';
    case '*':
      return '[^/]*';
    case '?':
      return '[^/]';
    case '{':
      return '(?:';
    case '}':
      return ')';
    case ',':
      return depth > 0 ? '|' : ',';
    default:
      if (token.startsWith('**')) return '.*';
      return token.startsWith('[') ? setOf(token) : literal(token.replace(/^\\(?=.)/s, ''));
  }
}

function setOf(token: string): string {
  const isNegated = token.startsWith('[!');
  const members = token.slice(isNegated ? 2 : 1, -1).replace(/\\(.)/gsu, '$1');
  return `(?!/)[${isNegated ? '^' : ''}${members.replace(/[[\]^\\&]/gu, '\\$&')}]`;
}

function literal(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\/]/gu, '\\$&');
}

function malformed(glob: string): Error {
  return invalid(`Invalid matchGlob: '${glob}'.`);
}
