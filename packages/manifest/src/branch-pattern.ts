/** Patterns of branch and tag names: `*` stands for anything without a slash, `**` for anything, the rest for itself. */
export const BRANCH_PATTERN = /^(?!refs\/)(?![-/])[^\s~^:?[\]\\!{}+]{1,200}$/;

export function matchesBranch(pattern: string, name: string): boolean {
  const source = tokensOf(pattern).map((token) => WILDCARDS.get(token) ?? escaped(token));
  return new RegExp(`^${source.join('')}$`, 's').test(name);
}

/** Whether some name fits both patterns, and so would belong to two environments. */
export function branchPatternsMeet(a: string, b: string): boolean {
  const [left, right] = [tokensOf(a), tokensOf(b)];
  const known = new Map<number, boolean>();
  const meet = (i: number, j: number): boolean => {
    const key = i * (right.length + 1) + j;
    const answer = known.get(key) ?? decide(i, j);
    known.set(key, answer);
    return answer;
  };
  const decide = (i: number, j: number): boolean => {
    const [x, y] = [left[i], right[j]];
    if (x === undefined && y === undefined) return true;
    if (x !== undefined && WILDCARDS.has(x)) return meet(i + 1, j) || (takes(x, y) && meet(i, j + 1));
    if (y !== undefined && WILDCARDS.has(y)) return meet(i, j + 1) || (takes(y, x) && meet(i + 1, j));
    return x === y && meet(i + 1, j + 1);
  };
  return meet(0, 0);
}

const WILDCARDS: ReadonlyMap<string, string> = new Map([
  ['*', '[^/]*'],
  ['**', '.*'],
]);

/** Whether a wildcard can go over the other pattern's next token, which may itself stand for nothing. */
function takes(wildcard: string, token: string | undefined): boolean {
  return token !== undefined && (wildcard === '**' || token !== '/');
}

function tokensOf(pattern: string): readonly string[] {
  return pattern.match(/\*\*|./gsu) ?? [];
}

function escaped(letter: string): string {
  return letter.replace(/[.*+?^${}()|[\]\\]/, '\\$&');
}
