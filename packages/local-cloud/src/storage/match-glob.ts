import { anything, choice, type GlobPart, many, noSlash, one, sequence } from './glob-parts.ts';
import { invalid } from './storage-error.ts';

/** Whether a name fits the glob; any does when there is none. `**` goes over slashes; `*`, `?` and sets do not; `{a,b}` is one of them. */
export function globTest(glob: string, delimiter: string): (name: string) => boolean {
  if (glob === '') return () => true;
  if (delimiter !== '' && delimiter !== '/')
    throw invalid('The delimiter must be "/" when a matchGlob is given.');
  const whole = readGlob(glob);
  return (name) => {
    const characters = Array.from(name);
    return whole(new Set([0]), characters).has(characters.length);
  };
}

const TOKEN = /\*\*\/|\*+|\?|\[!?(?:[^\]\\]|\\.)+\]|\\.|[^]/gu;
const LONGEST = 1_024;
const DEEPEST = 20;

/** What is in braces, or the glob itself: parts by option. */
type Options = GlobPart[][];

function readGlob(glob: string): GlobPart {
  if (glob.length > LONGEST) throw malformed(glob);
  const open: Options[] = [[[]]];
  for (const [token] of glob.matchAll(TOKEN)) {
    const options = open.at(-1) ?? [];
    if (token === '{') open.push([[]]);
    else if (token === '}') close(open, glob);
    else if (token === ',' && open.length > 1) options.push([]);
    else options.at(-1)?.push(partOf(token, glob));
    if (open.length > DEEPEST) throw malformed(glob);
  }
  const [whole = [], ...unclosed] = open;
  if (unclosed.length > 0) throw malformed(glob);
  return choice(whole.map(sequence));
}

function close(open: Options[], glob: string): void {
  const options = open.pop() ?? [];
  const around = open.at(-1);
  if (around === undefined) throw malformed(glob);
  around.at(-1)?.push(choice(options.map(sequence)));
}

function partOf(token: string, glob: string): GlobPart {
  switch (token) {
    case '**/':
      return choice([sequence([]), sequence([many(anything), one((character) => character === '/')])]);
    case '*':
      return many(noSlash);
    case '?':
      return one(noSlash);
    case '[':
      throw malformed(glob);
    default:
      if (token.startsWith('**')) return many(anything);
      if (token.startsWith('[')) return setOf(token, glob);
      return one((character) => character === token.replace(/^\\(?=.)/s, ''));
  }
}

function setOf(token: string, glob: string): GlobPart {
  const isNegated = token.startsWith('[!');
  const members = token.slice(isNegated ? 2 : 1, -1).replace(/\\(.)/gsu, '$1');
  try {
    const set = new RegExp(`^[${isNegated ? '^' : ''}${members.replace(/[[\]^\\&]/gu, '\\$&')}]$`, 'su');
    return one((character) => noSlash(character) && set.test(character));
  } catch {
    // A set that runs backwards, `[z-a]`.
    throw malformed(glob);
  }
}

function malformed(glob: string): Error {
  return invalid(`Invalid matchGlob: '${glob}'.`);
}
