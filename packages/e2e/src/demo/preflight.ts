import { Missing } from './missing.ts';
import { runTool } from './run-tool.ts';

/** Throws `Missing` when this machine lacks a program that the demo calls; Python only counts where the services run as processes. */
export async function preflight(containers: 'docker' | 'process'): Promise<void> {
  await expectProgram(['git', '--version'], 'git', 'apt-get install git');
  if (containers === 'docker') return;
  await expectProgram(
    ['python3', '-c', 'import sys, pip; sys.exit(sys.version_info < (3, 9))'],
    'Python 3.9 or newer with pip as "python3", for the one service that is written in it',
    'apt-get install python3-pip',
  );
}

async function expectProgram(
  [program, ...args]: readonly [string, ...string[]],
  what: string,
  remedy: string,
): Promise<void> {
  try {
    await runTool({ program, args });
  } catch (thrown) {
    throw new Missing(`expected ${what} and found none; on Debian: ${remedy}`, { cause: thrown });
  }
}
