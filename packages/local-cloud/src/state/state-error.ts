/** Why a state file cannot be used; the message says what, where and what to do. The file is as it was. */
export class StateError extends Error {
  readonly code: 'foreign' | 'newer' | 'corrupt' | 'in-use' | 'unreadable' | 'unwritable';

  constructor(code: StateError['code'], message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'StateError';
    this.code = code;
  }
}
