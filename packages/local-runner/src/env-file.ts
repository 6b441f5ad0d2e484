/** The pairs of a `GITHUB_ENV`, `GITHUB_OUTPUT` or `GITHUB_STATE` file in order. Throws with the runner's message when it is malformed. */
export function parseEnvFile(text: string): readonly (readonly [string, string])[] {
  const pairs: (readonly [string, string])[] = [];
  for (let at = 0; at < text.length;) {
    const line = lineAt(text, at);
    at = line.next;
    if (line.text === '') continue;
    const equals = line.text.indexOf('=');
    const heredoc = line.text.indexOf('<<');
    if (equals >= 0 && (heredoc < 0 || equals < heredoc)) {
      pairs.push([line.text.slice(0, equals), line.text.slice(equals + 1)]);
      continue;
    }
    if (heredoc < 0) throw new Error(`Invalid format '${line.text}'`);
    const value = heredocAt(text, at, delimiterOf(line.text, heredoc));
    pairs.push([line.text.slice(0, heredoc), value.text]);
    at = value.next;
  }
  return pairs;
}

interface Piece {
  readonly text: string;
  /** Where the next piece starts. */
  readonly next: number;
}

function lineAt(text: string, at: number): Piece & { readonly isEnded: boolean } {
  const end = text.indexOf('\n', at);
  if (end < 0) return { text: text.slice(at), next: text.length, isEnded: false };
  return { text: text.slice(at, end), next: end + 1, isEnded: true };
}

function delimiterOf(line: string, heredoc: number): string {
  const delimiter = line.slice(heredoc + 2);
  if (heredoc === 0 || delimiter === '') {
    throw new Error(`Invalid format '${line}'. Name must not be empty and delimiter must not be empty`);
  }
  return delimiter;
}

function heredocAt(text: string, start: number, delimiter: string): Piece {
  for (let at = start; at < text.length;) {
    const line = lineAt(text, at);
    if (line.text === delimiter) return { text: text.slice(start, Math.max(start, at - 1)), next: line.next };
    if (!line.isEnded) throw new Error('Invalid value. EOF marker missing new line.');
    at = line.next;
  }
  throw new Error(`Invalid value. Matching delimiter not found '${delimiter}'`);
}
