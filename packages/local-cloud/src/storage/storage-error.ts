/** A refusal of Cloud Storage; `reason` is the machine word of its JSON errors. */
export class StorageError extends Error {
  readonly http: number;
  readonly reason: string;

  constructor(http: number, reason: string, message: string) {
    super(message);
    this.name = 'StorageError';
    this.http = http;
    this.reason = reason;
  }
}
