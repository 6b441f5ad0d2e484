import { ActionFailure } from '@fairlead/action-kit';

/** What an API of Google answered instead of doing what it was asked, or that it did not answer at all. */
export class GoogleError extends ActionFailure {
  /** 0 when no answer came. */
  readonly httpStatus: number;
  /** `ABORTED`, `NOT_FOUND`, …; `CONNECTION_REFUSED` and `CONNECTION_LOST` when no answer came. */
  readonly status: string;
  /** The server's own words. */
  readonly said: string;
  readonly details: readonly unknown[];
  /** `ErrorInfo.reason`, such as `RATE_LIMIT_EXCEEDED`. */
  readonly reason: string | undefined;
  readonly retryAfterMs: number | undefined;

  constructor(what: string, facts: GoogleErrorFacts, cause?: unknown) {
    super(messageOf(what, facts), cause === undefined ? {} : { cause });
    this.httpStatus = facts.httpStatus;
    this.status = facts.status;
    this.said = facts.said;
    this.details = facts.details;
    this.reason = facts.reason;
    this.retryAfterMs = facts.retryAfterMs;
  }
}

export interface GoogleErrorFacts {
  readonly httpStatus: number;
  readonly status: string;
  readonly said: string;
  readonly details: readonly unknown[];
  readonly reason: string | undefined;
  readonly retryAfterMs: number | undefined;
}

/** Whether the same request may be answered differently later. */
export function isTransient(thrown: unknown): thrown is GoogleError {
  if (!(thrown instanceof GoogleError)) return false;
  const { httpStatus } = thrown;
  return httpStatus === 0 || httpStatus === 408 || httpStatus === 429 || httpStatus >= 500;
}

/** Whether the server may have done what it was asked although it did not say so. */
export function isOutcomeUnknown(thrown: unknown): thrown is GoogleError {
  return isTransient(thrown) && thrown.status !== 'CONNECTION_REFUSED' && thrown.httpStatus !== 429;
}

/** Whether what was asked for does not exist. */
export function isNotFound(thrown: unknown): thrown is GoogleError {
  return thrown instanceof GoogleError && thrown.httpStatus === 404;
}

/** Whether somebody else wrote since the etag was read, or what was to be created exists. */
export function isConflict(thrown: unknown): thrown is GoogleError {
  return thrown instanceof GoogleError && thrown.httpStatus === 409;
}

/** The error in an answer of `httpStatus` whose body is `text`. */
export function errorFactsOf(
  httpStatus: number,
  text: string,
  retryAfter: string | undefined,
): GoogleErrorFacts {
  const error = member(parsed(text), 'error');
  const details = listOf(member(error, 'details'));
  return {
    httpStatus,
    status: textOf(member(error, 'status')) ?? `HTTP_${httpStatus}`,
    said: textOf(member(error, 'message')) ?? firstLine(text) ?? 'no message',
    details,
    reason: details.map((detail) => textOf(member(detail, 'reason'))).find((reason) => reason !== undefined),
    retryAfterMs: retryAfterMs(retryAfter),
  };
}

function messageOf(what: string, { httpStatus, status, said }: GoogleErrorFacts): string {
  const answer = httpStatus === 0 ? said : `the API answered ${httpStatus} ${status}: ${said}`;
  const remedy = remedyOf(httpStatus, said);
  return `${what}: ${answer}${remedy === undefined ? '' : `; ${remedy}`}`;
}

function remedyOf(httpStatus: number, said: string): string | undefined {
  if (httpStatus === 401)
    return 'the access token is missing or expired: let google-github-actions/auth run in this job, before this step';
  if (httpStatus === 404) return 'check the project, the region and the name';
  if (httpStatus !== 403) return undefined;
  const permission = /[Pp]ermission '([\w.]+)'/.exec(said)?.[1];
  return permission === undefined
    ? 'grant the account of this job the role that it lacks, or enable the API in the project'
    : `grant the account of this job a role with ${permission}${ROLES[permission] ?? ''}`;
}

const ROLES: Readonly<Record<string, string>> = {
  'iam.serviceaccounts.actAs':
    ' (roles/iam.serviceAccountUser on the service account that the revision runs as)',
  'run.services.get': ' (roles/run.developer)',
  'run.services.create': ' (roles/run.developer)',
  'run.services.update': ' (roles/run.developer)',
  'run.jobs.run': ' (roles/run.developer)',
  'run.services.setIamPolicy': ' (roles/run.admin)',
};

function retryAfterMs(header: string | undefined): number | undefined {
  return header !== undefined && /^\d+$/.test(header) ? Number(header) * 1000 : undefined;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

function member(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null
    ? (value as Readonly<Record<string, unknown>>)[name]
    : undefined;
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function firstLine(text: string): string | undefined {
  return textOf(text.trim().split('\n')[0]?.slice(0, 200));
}
