export class MigrationError extends Error {
  override readonly name = 'MigrationError';
  readonly code: 'not-a-digest' | 'name-too-long';

  constructor(code: MigrationError['code'], message: string) {
    super(message);
    this.code = code;
  }
}
