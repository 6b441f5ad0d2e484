/** The canonical statuses that the local cloud answers with, by their gRPC numbers and HTTP codes. */
const STATUSES = {
  CANCELLED: { number: 1, http: 499 },
  INVALID_ARGUMENT: { number: 3, http: 400 },
  DEADLINE_EXCEEDED: { number: 4, http: 504 },
  NOT_FOUND: { number: 5, http: 404 },
  ALREADY_EXISTS: { number: 6, http: 409 },
  PERMISSION_DENIED: { number: 7, http: 403 },
  RESOURCE_EXHAUSTED: { number: 8, http: 429 },
  FAILED_PRECONDITION: { number: 9, http: 400 },
  ABORTED: { number: 10, http: 409 },
  UNIMPLEMENTED: { number: 12, http: 501 },
  INTERNAL: { number: 13, http: 500 },
  UNAVAILABLE: { number: 14, http: 503 },
  UNAUTHENTICATED: { number: 16, http: 401 },
} as const;

export type Status = keyof typeof STATUSES;

/** A refusal as Google's APIs word it; `details` are google.rpc messages with their `@type`. */
export class CloudError extends Error {
  readonly code: Status;
  readonly details: readonly object[];

  constructor(code: Status, message: string, details: readonly object[] = []) {
    super(message);
    this.name = 'CloudError';
    this.code = code;
    this.details = details;
  }
}

export function httpCode(status: Status): number {
  return STATUSES[status].http;
}

export function grpcNumber(status: Status): number {
  return STATUSES[status].number;
}

/** The status that stands for an HTTP code when a fault asks for the code alone. */
export function statusOf(http: number): Status {
  const names: Readonly<Record<number, Status>> = {
    400: 'INVALID_ARGUMENT',
    401: 'UNAUTHENTICATED',
    403: 'PERMISSION_DENIED',
    404: 'NOT_FOUND',
    409: 'ABORTED',
    412: 'FAILED_PRECONDITION',
    429: 'RESOURCE_EXHAUSTED',
    502: 'UNAVAILABLE',
    503: 'UNAVAILABLE',
    504: 'DEADLINE_EXCEEDED',
  };
  return names[http] ?? 'INTERNAL';
}

/** A field that breaks a rule: `path` begins with the request's name, as in `CreateServiceRequest.service.template`. */
export function violation(path: string, description: string): CloudError {
  return new CloudError('INVALID_ARGUMENT', `Violation in ${path}: ${description}`, [
    {
      '@type': 'type.googleapis.com/google.rpc.BadRequest',
      fieldViolations: [{ field: path.slice(path.indexOf('.') + 1), description }],
    },
  ]);
}

export function alreadyExists(resource: string): CloudError {
  return new CloudError('ALREADY_EXISTS', `Resource '${resource}' already exists.`);
}
