import { type Clock, turnableClock } from './clock.ts';
import type { ActionContext, Environment } from './context.ts';
import { inputsOf } from './inputs.ts';
import type { Log, Place } from './log.ts';
import { markdownSummary } from './summary.ts';

/** One line that an action logged, and where it points. */
export interface Recorded {
  readonly level: 'info' | 'debug' | 'notice' | 'warning' | 'error' | 'mask' | 'group';
  readonly message: string;
  readonly place?: Place;
}

export interface RecordingOptions {
  readonly inputs?: Readonly<Record<string, string>>;
  readonly env?: Environment;
  readonly clock?: Clock;
  readonly signal?: AbortSignal;
}

/** A context for tests that behaves as the runner's and keeps what the action said. */
export function recordingContext(options: RecordingOptions = {}): ActionContext & {
  readonly logged: readonly Recorded[];
  readonly outputs: Readonly<Record<string, unknown>>;
  readonly renderedSummary: () => string;
} {
  const logged: Recorded[] = [];
  const outputs: Record<string, unknown> = {};
  const summary = markdownSummary();
  return {
    logged,
    outputs,
    renderedSummary: summary.render,
    inputs: inputsOf(options.inputs ?? {}),
    env: options.env ?? {},
    log: recordingLog(logged),
    clock: options.clock ?? turnableClock(),
    summary,
    signal: options.signal ?? new AbortController().signal,
    output: (name, value) => {
      outputs[name] = value;
    },
  };
}

function recordingLog(logged: Recorded[]): Log {
  const at =
    (level: Recorded['level']) =>
    (message: string, place?: Place): void => {
      logged.push({ level, message, ...(place === undefined ? {} : { place }) });
    };
  return {
    info: at('info'),
    debug: at('debug'),
    notice: at('notice'),
    warning: at('warning'),
    error: at('error'),
    mask: at('mask'),
    group: (name, inside) => {
      logged.push({ level: 'group', message: name });
      return inside();
    },
  };
}
