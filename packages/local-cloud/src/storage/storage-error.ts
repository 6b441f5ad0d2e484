/** A refusal of Cloud Storage; `reason` is the machine word of its JSON errors. */
export class StorageError extends Error {
  readonly http: number;
  readonly reason: string;
  /** What of the request is at fault. */
  readonly location: StorageErrorLocation | undefined;

  constructor(
    http: number,
    reason: string,
    { message, location }: { readonly message: string; readonly location?: StorageErrorLocation },
  ) {
    super(message);
    this.name = 'StorageError';
    this.http = http;
    this.reason = reason;
    this.location = location;
  }
}

interface StorageErrorLocation {
  readonly locationType: 'header' | 'parameter';
  readonly location: string;
}

/** A value of the request that cannot be. */
export function invalid(message: string): StorageError {
  return new StorageError(400, 'invalid', { message });
}

export function invalidParameter(location: string, value: string): StorageError {
  return new StorageError(400, 'invalidParameter', {
    message: `Invalid unsigned integer value: '${value}'.`,
    location: { locationType: 'parameter', location },
  });
}
