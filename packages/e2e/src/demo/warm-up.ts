import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** The demo needs something of this machine that is not there; the message says what and how to get it. */
export class Missing extends Error {}

/**
 * Fetches the packages that the example's units are made from into `cache`, so that the jobs of a delivery do not fetch them side by side.
 * Reuses what an earlier run fetched.
 */
export async function warmUp(repository: string, cache: string, say: (doing: string) => void): Promise<void> {
  const env = { ...process.env, BUILD_CACHE: cache };
  const pip = await run('python3', ['-m', 'pip', '--version']).catch(() => undefined);
  if (pip === undefined)
    throw new Missing(
      'expected Python 3.9 or newer with pip as "python3", for the one service that is written in it, and found none; on Debian: apt-get install python3-pip',
    );
  say('packages of the Node services, from npm');
  await run(process.execPath, ['build.mjs', 'packages'], { cwd: repository, env });
  await Promise.all([
    run(process.execPath, ['build.mjs', 'mesh'], { cwd: repository, env }),
    run(process.execPath, ['build.mjs', 'habits'], { cwd: repository, env }),
  ]);
}
