import { ActionFailure, runCommand } from '@fairlead/action-kit';

import type { BuildTools } from '../build-request.ts';
import { lastLines } from '../last-lines.ts';

interface Login {
  readonly program: string;
  readonly registry: string;
}

/**
 * Does something while docker is logged in to a registry that takes Google's tokens, and logs out again. A login that the user made is
 * used as it is, and stays.
 */
export async function withLogin<T>(
  { credentialsFor, env, log }: BuildTools,
  { program, registry }: Login,
  act: () => Promise<T>,
): Promise<T> {
  const credentials = await credentialsFor(registry);
  if (credentials?.kind !== 'bearer') return act();
  log.mask(credentials.token);
  // By standard input: arguments are seen by every process of the machine.
  const args = ['login', '--username', 'oauth2accesstoken', '--password-stdin', `https://${registry}`];
  const { exitCode, stderr } = await runCommand(program, args, { env, input: credentials.token });
  if (exitCode !== 0) throw new ActionFailure(`docker cannot log in to ${registry}: ${lastLines(stderr)}`);
  try {
    return await act();
  } finally {
    await runCommand(program, ['logout', `https://${registry}`], { env });
  }
}
