import { randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { parseEnvFile } from './env-file.ts';
import { reasonOf } from './failure.ts';
import type { Act, StepFiles } from './job.ts';

/** Fresh, empty files for one step. */
export function createStepFiles(temp: string): StepFiles {
  const folder = join(temp, '_runner_file_commands');
  mkdirSync(folder, { recursive: true });
  const create = (name: string) => {
    const path = join(folder, `${name}_${randomUUID()}`);
    writeFileSync(path, '');
    return path;
  };
  return {
    env: create('set_env'),
    output: create('set_output'),
    path: create('add_path'),
    state: create('save_state'),
    step_summary: create('step_summary'),
  };
}

/** Takes over what a step wrote into its files. False when a file is malformed, which fails the step. */
export function takeStepFiles(act: Act, state: Record<string, string>): boolean {
  const { files, job, step } = act;
  const taken = [
    take('env', () => {
      takeEnv(act);
    }),
    take('path', () => {
      takePaths(job.paths, textOf(files.path));
    }),
    take('output', () => {
      for (const [name, value] of parseEnvFile(textOf(files.output))) setOutput(act, name, value);
    }),
    take('state', () => {
      for (const [name, value] of parseEnvFile(textOf(files.state))) state[name] = value;
    }),
    take('step_summary', () => {
      const text = textOf(files.step_summary);
      if (text !== '') step.summary(text);
    }),
  ];
  return taken.every(Boolean);

  function take(name: string, read: () => void): boolean {
    try {
      read();
      return true;
    } catch (thrown) {
      step.error(`Unable to process file command '${name}' successfully.`);
      step.error(reasonOf(thrown));
      return false;
    }
  }
}

export function setOutput(act: Act, name: string, value: string): void {
  act.outputs[name] = value;
  act.step.output(name, value);
}

function takeEnv({ files, job, step }: Act): void {
  for (const [name, value] of parseEnvFile(textOf(files.env))) {
    if (name.toUpperCase() === 'NODE_OPTIONS') {
      step.error("Can't store NODE_OPTIONS output parameter using '$GITHUB_ENV' command.");
    } else {
      job.env[name] = value;
    }
  }
}

function takePaths(paths: string[], text: string): void {
  for (const line of text.split(/\r?\n/).filter((each) => each !== '')) {
    const at = paths.indexOf(line);
    if (at >= 0) paths.splice(at, 1);
    paths.push(line);
  }
}

function textOf(path: string): string {
  return existsSync(path) ? readFileSync(path, 'utf8') : '';
}
