/** Why an expression cannot be read, or has no value. */
export class CelError extends Error {
  override readonly name = 'CelError';
}
