import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { credentialRule } from '@fairlead/images';

/** Those of the files, named relative to a folder, that hold credentials (BP-24). */
export async function credentialFiles(folder: string, paths: readonly string[]): Promise<readonly string[]> {
  const verdicts = await Promise.all(paths.map((path) => holdsCredentials(folder, path)));
  return paths.filter((_, index) => verdicts[index]);
}

async function holdsCredentials(folder: string, path: string): Promise<boolean> {
  const rule = credentialRule(path);
  if (rule === undefined) return false;
  return rule.kind === 'name' || rule.pattern.test(await readFile(join(folder, path), 'utf8'));
}
