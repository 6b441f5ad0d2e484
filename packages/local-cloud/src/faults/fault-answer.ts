import { CloudError, statusOf } from '../control/cloud-error.ts';
import { notFound } from '../control/names.ts';
import { permissionDenied, rateExceeded } from '../control/refusals.ts';
import type { Fault } from './fault.ts';

/** A call that a fault refuses. */
export interface RefusedCall {
  readonly method: string;
  /** Path and query. */
  readonly url: string;
  /** The permission that the call needs, where it is known. */
  readonly permission?: string;
}

/** What a fault answers: its HTTP code may be one that its status alone does not have. */
export interface FaultAnswer {
  readonly status: number;
  readonly error: {
    readonly message: string;
    readonly status: string;
    readonly details: readonly object[];
  };
  /** Seconds. */
  readonly retryAfter?: number;
}

/** What a call gets instead of its own answer: the fault's words, or those of Cloud Run for the code. */
export function faultAnswer(fault: Fault, call: RefusedCall): FaultAnswer {
  const status = codeOf(fault);
  const refusal = usualRefusal(status, call);
  const isOwn = fault.message === undefined && fault.code === undefined;
  return {
    status,
    error: {
      message: fault.message ?? refusal.message,
      status: fault.code ?? refusal.code,
      details: isOwn ? refusal.details : [],
    },
    ...(fault.retryAfter === undefined ? {} : { retryAfter: fault.retryAfter }),
  };
}

function codeOf({ effect, status = 503 }: Fault): number {
  if (effect === 'rate-limit') return 429;
  return effect === 'apply-then-503' ? 503 : status;
}

// Resources of Cloud Run alone: other APIs have other words, of which the plain ones are the least wrong.
const RESOURCE = /^\/v[12]\/(projects\/[^/?]+\/locations\/[^/?:]+(?:\/[^?:]+)?)/;

function usualRefusal(status: number, call: RefusedCall): CloudError {
  const resource = RESOURCE.exec(call.url)?.[1];
  if (resource !== undefined && status === 403)
    return permissionDenied(call.permission ?? guessedPermission(call, resource), resource);
  if (resource !== undefined && status === 404) return notFound(kindOf(resource), resource);
  if (resource !== undefined && status === 429)
    return rateExceeded(call.method === 'GET' ? 'Read' : 'Write', resource);
  return new CloudError(statusOf(status), PLAIN[status] ?? PLAIN_OTHER);
}

const PLAIN_OTHER = 'The service is currently unavailable.';
const PLAIN: Readonly<Record<number, string>> = {
  400: 'Request contains an invalid argument.',
  401: 'Request had invalid authentication credentials. Expected OAuth 2 access token, login cookie or other valid authentication credential. See https://developers.google.com/identity/sign-in/web/devconsole-project.',
  403: 'The caller does not have permission',
  404: 'Requested entity was not found.',
  409: 'The operation was aborted.',
  412: 'At least one of the pre-conditions you specified did not hold.',
  429: 'Resource has been exhausted (e.g. check quota).',
  500: 'Internal error encountered.',
  504: 'Deadline expired before operation could complete.',
};

const KINDS = {
  services: 'SERVICE',
  revisions: 'REVISION',
  jobs: 'JOB',
  executions: 'EXECUTION',
  tasks: 'TASK',
  operations: 'OPERATION',
} as const;

function kindOf(resource: string): (typeof KINDS)[keyof typeof KINDS] {
  const collections = resource.split('/').filter((_, index) => index % 2 === 0);
  const found = Object.entries(KINDS).findLast(([collection]) => collections.at(-1) === collection);
  return found?.[1] ?? 'SERVICE';
}

const VERBS: Readonly<Record<string, string>> = {
  GET: 'get',
  POST: 'create',
  PATCH: 'update',
  PUT: 'update',
  DELETE: 'delete',
};

function guessedPermission({ method }: RefusedCall, resource: string): string {
  const collection = resource.split('/').findLast((_, index) => index % 2 === 0) ?? 'services';
  return `run.${collection}.${VERBS[method] ?? 'get'}`;
}
