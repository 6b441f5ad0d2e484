import { ActionFailure, runCommand } from '@fairlead/action-kit';
import type { Pack } from '@fairlead/manifest';

import type { BuildRequest, BuildTools } from '../build-request.ts';
import { lastLines } from '../last-lines.ts';

/** Runs the prepare command, if there is one, in the context; build arguments are its variables. */
export async function prepare(
  { env, log }: BuildTools,
  { context, args }: BuildRequest,
  { prepare: command }: Pack,
): Promise<void> {
  if (command === undefined) return;
  log.info(`Preparing: ${command}`);
  const { exitCode, stdout, stderr } = await runCommand('sh', ['-c', command], {
    cwd: context,
    env: { ...env, ...args },
    onLine: log.info,
  });
  if (exitCode !== 0)
    throw new ActionFailure(
      `prepare command "${command}" ended with exit code ${exitCode}: ${lastLines(`${stdout}\n${stderr}`)}`,
    );
}
