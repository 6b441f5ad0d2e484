/** A failure whose message is for the person who reads the run: no stack is shown for it. */
export class ActionFailure extends Error {
  override readonly name = 'ActionFailure';
}

/** An input that cannot be used; thrown by parse, before any client is made. */
export class InputError extends ActionFailure {}

/**
 * The message of anything thrown, with the messages of its causes, as one line that chains. Errors are told by their
 * shape: those of Node's own code need not be of the realm that asks.
 */
export function messageOf(thrown: unknown): string {
  if (!isErrorLike(thrown)) return String(thrown);
  const cause = thrown.cause === undefined ? '' : messageOf(thrown.cause);
  const said = thrown.message === '' ? String(thrown.code ?? thrown.name ?? '') : thrown.message;
  return cause === '' || said.includes(cause) ? said : `${said}: ${cause}`;
}

interface ErrorLike {
  readonly message: string;
  readonly name?: string;
  readonly code?: string | number;
  readonly stack?: string;
  readonly cause?: unknown;
}

export function isErrorLike(thrown: unknown): thrown is ErrorLike {
  if (typeof thrown !== 'object' || thrown === null) return false;
  return 'message' in thrown && typeof thrown.message === 'string';
}
