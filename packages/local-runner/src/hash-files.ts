import { createHash } from 'node:crypto';
import { globSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** The digest of all files that match, in order of their paths; the empty string when none does. `!pattern` takes files away. */
export function hashFiles(workspace: string, patterns: readonly string[]): string {
  const files = matching(workspace, patterns);
  if (files.length === 0) return '';
  const whole = createHash('sha256');
  for (const file of files) whole.update(createHash('sha256').update(readFileSync(file)).digest());
  return whole.digest('hex');
}

function matching(workspace: string, patterns: readonly string[]): readonly string[] {
  const lines = patterns.flatMap((pattern) => pattern.split('\n')).map((line) => line.trim());
  const found = (line: string) => globSync(line, { cwd: workspace }).map((path) => join(workspace, path));
  const away = new Set(lines.filter((line) => line.startsWith('!')).flatMap((line) => found(line.slice(1))));
  const wanted = new Set(lines.filter((line) => line !== '' && !line.startsWith('!')).flatMap(found));
  return [...wanted].filter((file) => !away.has(file) && statSync(file).isFile()).sort();
}
