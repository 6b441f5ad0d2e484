import picomatch from 'picomatch';

/** Finds the pattern that a path fits; undefined when it fits none, or one that begins with `!`. */
export type PathMatcher = (path: string) => string | undefined;

interface Test {
  readonly pattern: string;
  readonly fits: (path: string) => boolean;
}

/** Compiles globs. A path without wildcards stands for a file, or for a folder and everything in it. */
export function pathMatcher(patterns: readonly string[]): PathMatcher {
  const included = patterns.filter((pattern) => !pattern.startsWith('!')).map(testOf);
  const excluded = patterns
    .filter((pattern) => pattern.startsWith('!'))
    .map((pattern) => testOf(pattern.slice(1)));
  return (path) => {
    const found = included.find(({ fits }) => fits(path));
    return found === undefined || excluded.some(({ fits }) => fits(path)) ? undefined : found.pattern;
  };
}

// Most patterns are a folder and most paths lie elsewhere: a look at the beginning answers without a regular expression.
function testOf(pattern: string): Test {
  const { base, glob } = picomatch.scan(pattern.replace(/\/+$/, ''));
  const folder = base === '' || base === '.' ? '' : `${base}/`;
  if (glob === '') return { pattern, fits: (path) => path === base || path.startsWith(folder) };
  if (glob === '**') return { pattern, fits: (path) => path.startsWith(folder) };
  // The flag lets wildcards go over a newline, which a file name may hold.
  const matches = picomatch(pattern, { dot: true, windows: false, flags: 's' });
  return { pattern, fits: (path) => path.startsWith(folder) && matches(path) };
}
