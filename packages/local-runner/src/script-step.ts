import { randomUUID } from 'node:crypto';
import { existsSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

import { runChild } from './child.ts';
import { WorkflowError } from './failure.ts';
import { processEnv } from './job-contexts.ts';
import type { Act, Frame, Stage } from './job.ts';
import type { Conclusion } from './journal.ts';
import { createOutputReader } from './output-reader.ts';
import { takeStepFiles } from './step-files.ts';
import { titleOf } from './step-stages.ts';
import { fillText } from './template.ts';
import type { RunWork, StepTemplate } from './workflow-file.ts';

/** A `run:` step. */
export function scriptStage(frame: Frame, template: StepTemplate, work: RunWork): Stage {
  return {
    title: titleOf(template, ''),
    id: template.id,
    condition: template.condition,
    env: template.env,
    continueOnError: template.continueOnError,
    timeoutMinutes: template.timeoutMinutes,
    frame,
    perform: (act) => runScript(act, work),
  };
}

async function runScript(act: Act, work: RunWork): Promise<Conclusion> {
  const { job, frame, scope } = act;
  const defaults = frame.isJob ? job.defaults : { shell: undefined, workingDirectory: undefined };
  const text = fillText(work.script, scope);
  const { program, args, suffix } = shellOf(fillText(work.shell, scope) || defaults.shell, job.run.nodePath);
  const script = join(job.temp, `${randomUUID()}${suffix}`);
  writeFileSync(script, text);
  act.step.line(`##[group]Run ${text.split('\n')[0] ?? ''}`);
  act.step.line(text.trimEnd());
  act.step.line('##[endgroup]');
  return runProcess(act, {
    program,
    args: args.map((arg) => arg.replaceAll('{0}', script)),
    cwd: resolve(job.workspace, fillText(work.workingDirectory, scope) || (defaults.workingDirectory ?? '')),
    env: processEnv(act),
    state: {},
  });
}

export interface StepProcess {
  readonly program: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  /** State of the action, changed by what the process saves. */
  readonly state: Record<string, string>;
}

/** Runs a step's process and takes over what it printed and wrote. */
export async function runProcess(act: Act, process: StepProcess): Promise<Conclusion> {
  const { job, step, signal } = act;
  if (!existsSync(process.cwd))
    throw new WorkflowError(`the working directory ${process.cwd} does not exist`);
  const reader = createOutputReader(act, process.state);
  const code = await runChild({ ...process, signal, ladder: job.run.times, onLine: reader.line });
  const isTaken = takeStepFiles(act, process.state);
  if (signal.aborted) return 'cancelled';
  if (code !== 0) step.error(`Process completed with exit code ${code}.`);
  return code === 0 && isTaken && !reader.isRefused() ? 'success' : 'failure';
}

interface Shell {
  readonly program: string;
  readonly args: readonly string[];
  readonly suffix: string;
}

function shellOf(shell: string | undefined, nodePath: string): Shell {
  if (shell === undefined || shell === '') return { program: 'bash', args: ['-e', '{0}'], suffix: '.sh' };
  if (shell === 'bash')
    return { program: 'bash', args: ['--noprofile', '--norc', '-e', '-o', 'pipefail', '{0}'], suffix: '.sh' };
  if (shell === 'sh') return { program: 'sh', args: ['-e', '{0}'], suffix: '.sh' };
  if (shell === 'node') return { program: nodePath, args: ['{0}'], suffix: '.mjs' };
  if (shell === 'python') return { program: 'python3', args: ['{0}'], suffix: '.py' };
  if (shell.includes('{0}')) {
    const [program = '', ...args] = shell.trim().split(/\s+/);
    return { program, args, suffix: '' };
  }
  throw new WorkflowError(
    `shell must be bash, sh, node, python or a command with {0} for the script, got "${shell}"`,
  );
}
