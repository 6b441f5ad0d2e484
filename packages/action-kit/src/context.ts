import type { Clock } from './clock.ts';
import type { Inputs } from './inputs.ts';
import type { Log } from './log.ts';
import type { Summary } from './summary.ts';

/** The environment variables of the run, read by `parse` and by the packages that own an endpoint, nowhere else. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** All that an action may touch besides the clients that it makes. */
export interface ActionContext {
  readonly inputs: Inputs;
  readonly env: Environment;
  readonly log: Log;
  readonly clock: Clock;
  readonly summary: Summary;
  /** Aborts when the job is cancelled. */
  readonly signal: AbortSignal;
  /** Sets an output; anything but text is written as JSON. */
  readonly output: (name: string, value: unknown) => void;
}

/** An action: five beats from top to bottom, failing by throwing. */
export type Action = (context: ActionContext) => Promise<void>;
