/** A workflow or an action that cannot run as it is written; the message lists every error with file and line. */
export class WorkflowError extends Error {
  override readonly name = 'WorkflowError';
}

/** The message of anything thrown. */
export function reasonOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}
