import { errorCode } from './state/error-code.ts';

/** Where something is to listen: `asked` for by a person, or the port that it `had` in an earlier run. */
export interface WantedPort {
  readonly asked?: number;
  readonly had?: number;
}

/**
 * Opens at the port that is asked for, and throws when somebody else has it. Without one, at the port that it had, and at a free one when that is
 * taken by now or there is none.
 */
export async function openAtPort<T>(
  what: string,
  { asked = 0, had = 0 }: WantedPort,
  open: (port: number) => Promise<T>,
): Promise<T> {
  if (asked === 0 && had === 0) return open(0);
  try {
    return await open(asked === 0 ? had : asked);
  } catch (cause) {
    if (errorCode(cause) !== 'EADDRINUSE') throw cause;
    if (asked === 0) return open(0);
    throw new Error(
      `port ${asked} of 127.0.0.1, at which ${what} is to answer, is taken; end what listens there or choose another port`,
      { cause },
    );
  }
}
