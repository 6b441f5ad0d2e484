/** A failure whose message is for the person who reads the run: no stack is shown for it. */
export class ActionFailure extends Error {
  override readonly name = 'ActionFailure';
}

/** An input that cannot be used; thrown by parse, before any client is made. */
export class InputError extends ActionFailure {}

/** The message of anything thrown, with the messages of its causes, as one line that chains. */
export function messageOf(thrown: unknown): string {
  if (!(thrown instanceof Error)) return String(thrown);
  const cause = thrown.cause === undefined ? '' : messageOf(thrown.cause);
  return cause === '' || thrown.message.includes(cause) ? thrown.message : `${thrown.message}: ${cause}`;
}
