/** One call as `GET /-/calls` lists it. */
export interface LoggedCall {
  readonly method: string;
  /** Path and query. */
  readonly path: string;
  /** What was answered; absent when the connection was broken instead. */
  readonly status?: number;
  /** From the arrival of the call to its answer, in milliseconds. */
  readonly durationMs: number;
  /** The full name of the method, `google.cloud.run.v2.Services.GetService`, where the route has one. */
  readonly rpc?: string;
  /** The IAM permission that the call needs of its caller, `run.services.get`, where the route has one. */
  readonly permission?: string;
  /** The effect of the fault that hit it. */
  readonly fault?: string;
}

export interface CallLog {
  readonly add: (call: LoggedCall) => void;
  readonly all: () => readonly LoggedCall[];
  readonly clear: () => void;
}

const KEPT = 10_000;

/** The newest ten thousand calls, oldest first. */
export function callLog(): CallLog {
  const calls: LoggedCall[] = [];
  return {
    add: (call) => {
      calls.push(call);
      if (calls.length > KEPT) calls.shift();
    },
    all: () => calls,
    clear: () => {
      calls.length = 0;
    },
  };
}
