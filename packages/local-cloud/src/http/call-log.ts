/** One call as `GET /-/calls` lists it. */
export interface LoggedCall {
  /** When it was answered, in milliseconds since the epoch. */
  readonly timeMs: number;
  readonly method: string;
  /** Path and query. */
  readonly path: string;
  /** Full name of the RPC, `google.cloud.run.v2.Services.GetService`; absent for calls of other APIs. */
  readonly rpc?: string;
  /** The IAM permission that the real API asks for. */
  readonly permission?: string;
  /** What was answered; absent when the connection was broken instead. */
  readonly status?: number;
  /** From the arrival of the call to its answer, in milliseconds. */
  readonly durationMs: number;
  /** The effect of the fault that hit it. */
  readonly fault?: string;
}

export interface CallLog {
  readonly add: (call: Omit<LoggedCall, 'timeMs'>) => void;
  readonly all: () => readonly LoggedCall[];
  readonly clear: () => void;
}

const KEPT = 10_000;

/** The newest ten thousand calls, oldest first. */
export function callLog(now: () => number): CallLog {
  const calls: LoggedCall[] = [];
  return {
    add: (call) => {
      calls.push({ timeMs: now(), ...call });
      if (calls.length > KEPT) calls.shift();
    },
    all: () => calls,
    clear: () => {
      calls.length = 0;
    },
  };
}
