/** A workflow or an action that cannot run as it is written; the message lists every error with file and line. */
export class WorkflowError extends Error {
  override readonly name = 'WorkflowError';
}

/** The message of anything thrown; errors are told by their shape, as those of Node's own code need not be of this realm. */
export function reasonOf(thrown: unknown): string {
  const isErrorLike = typeof thrown === 'object' && thrown !== null && 'message' in thrown;
  return String(isErrorLike ? thrown.message : thrown);
}
