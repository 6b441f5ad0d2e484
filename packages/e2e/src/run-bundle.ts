import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { root } from './demo/root.ts';

/** A bundle that has ended. */
export interface BundleRun {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
  /** The lines of `GITHUB_OUTPUT` that hold `name=value`, and the blocks of several lines. */
  readonly outputs: string;
}

/** Runs `dist/ACTION/index.js` as a runner would: inputs and files by environment variables, nothing else of this process's environment. */
export async function runBundle(
  action: string,
  inputs: Readonly<Record<string, string>>,
  env: Readonly<Record<string, string>> = {},
): Promise<BundleRun> {
  const folder = await mkdtemp(join(tmpdir(), 'fairlead-bundle-'));
  const [output, summary] = [join(folder, 'output'), join(folder, 'summary')];
  try {
    await Promise.all([writeFile(output, ''), writeFile(summary, '')]);
    const ended = await execute(action, {
      PATH: process.env['PATH'] ?? '',
      HOME: folder,
      GITHUB_OUTPUT: output,
      GITHUB_STEP_SUMMARY: summary,
      ...inputVariables(inputs),
      ...env,
    });
    return { ...ended, outputs: await readFile(output, 'utf8') };
  } finally {
    await rm(folder, { recursive: true });
  }
}

function inputVariables(inputs: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(inputs).map(([name, value]) => [`INPUT_${name.toUpperCase()}`, value]),
  );
}

function execute(
  action: string,
  env: Readonly<Record<string, string>>,
): Promise<Pick<BundleRun, 'code' | 'stdout' | 'stderr'>> {
  const bundle = join(root, 'dist', action, 'index.js');
  return new Promise((resolve) => {
    execFile(process.execPath, [bundle], { env, cwd: '/', timeout: 60_000 }, (error, stdout, stderr) => {
      const code = error === null ? 0 : typeof error.code === 'number' ? error.code : -1;
      resolve({ code, stdout, stderr });
    });
  });
}
