import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';

import { type ActionContext, ActionFailure } from '@fairlead/action-kit';
import { formatError, type Manifest, parseManifest } from '@fairlead/manifest';

/**
 * The manifest at a path below the workspace. Every error is annotated at its line before the step fails with their
 * number and the first of them.
 */
export async function loadManifest(
  context: Pick<ActionContext, 'env' | 'log'>,
  path: string,
): Promise<Manifest> {
  const parsed = parseManifest(await textOf(path, context.env['GITHUB_WORKSPACE'] ?? '.'), path);
  if (parsed.kind === 'manifest') return parsed.manifest;
  for (const { file, line, column, message } of parsed.errors)
    context.log.error(message, { file, line, column, title: 'manifest' });
  const [first] = parsed.errors;
  const count = parsed.errors.length === 1 ? 'an error' : `${parsed.errors.length} errors, the first`;
  throw new ActionFailure(`${path} has ${count}: ${first === undefined ? 'unknown' : formatError(first)}`);
}

async function textOf(path: string, workspace: string): Promise<string> {
  try {
    return await readFile(resolve(workspace, path), 'utf8');
  } catch (cause) {
    throw new ActionFailure(
      `the manifest "${path}" cannot be read; check out the code before this step, or name the file by the input "manifest"`,
      { cause },
    );
  }
}
