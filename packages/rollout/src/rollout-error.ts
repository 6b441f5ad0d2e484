export type RolloutErrorCode =
  | 'ambiguous-revision'
  | 'bad-release'
  | 'bad-steps'
  | 'conflict'
  | 'no-baseline'
  | 'no-target'
  | 'unknown-revision';

/** A release that cannot go on as asked. */
export class RolloutError extends Error {
  override readonly name = 'RolloutError';
  readonly code: RolloutErrorCode;

  constructor(code: RolloutErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}
