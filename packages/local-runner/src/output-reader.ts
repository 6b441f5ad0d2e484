import { type Command, parseCommand } from './command.ts';
import type { Act } from './job.ts';
import { setOutput } from './step-files.ts';

/** Reads what a step prints, line by line: commands are obeyed, the rest is logged. */
export interface OutputReader {
  readonly line: (line: string) => void;
  /** Whether a command was refused, which fails the step. */
  readonly isRefused: () => boolean;
}

export function createOutputReader(act: Act, state: Record<string, string>): OutputReader {
  let stopToken: string | undefined;
  let isRefused = false;
  const { step, job } = act;
  const refuse = (message: string) => {
    step.error(message);
    isRefused = true;
  };
  const obey = ({ name, properties, value }: Command, line: string) => {
    switch (name) {
      case 'error':
      case 'warning':
      case 'notice':
        step[name](value, properties);
        break;
      case 'debug':
        step.line(`##[debug]${value}`);
        break;
      case 'group':
        step.line(`##[group]${value}`);
        break;
      case 'endgroup':
        step.line('##[endgroup]');
        break;
      case 'add-mask':
        if (value.trim() === '')
          step.warning("Can't add secret mask for empty string in ##[add-mask] command.");
        else job.run.masks.add(value);
        break;
      case 'stop-commands':
        stopToken = value;
        step.line(line);
        break;
      case 'set-output':
        step.warning(
          'The `set-output` command is deprecated and will be disabled soon. Please upgrade to using Environment Files.',
        );
        setOutput(act, properties['name'] ?? '', value);
        break;
      case 'save-state':
        state[properties['name'] ?? ''] = value;
        break;
      case 'set-env':
      case 'add-path':
        refuse(`The \`${name}\` command is disabled. Please upgrade to using Environment Files.`);
        break;
      default:
        // echo and problem matchers change nothing that is kept here.
        break;
    }
  };
  const line = (text: string) => {
    const command = parseCommand(text, stopToken);
    if (command === undefined) step.line(text);
    else if (stopToken === undefined) obey(command, text);
    else stopToken = undefined;
  };
  return { line, isRefused: () => isRefused };
}
