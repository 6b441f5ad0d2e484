import { type Answer, Refusal, type Request } from './http.ts';
import { type Place, renderCheck, renderComment, renderDeployment, renderStatus } from './render.ts';
import type { CheckOutput, CheckRun, Stored } from './repository-store.ts';

/** What a route works on. */
export interface Scope {
  readonly stored: Stored;
  readonly place: Place;
  readonly now: () => string;
}

type Body = Readonly<Record<string, unknown>>;
type Handler = (
  scope: Scope,
  call: { readonly ids: readonly number[]; readonly body: Body; readonly request: Request },
) => Answer;

/** GitHub's limits that a client runs into; the local GitHub refuses what GitHub refuses. */
const COMMENT_LIMIT = 65_536;
const ANNOTATION_LIMIT = 50;
const DESCRIPTION_LIMIT = 140;

const routes: readonly (readonly [string, RegExp, Handler])[] = [
  ['POST', /^\/deployments$/, createDeployment],
  ['GET', /^\/deployments$/, listDeployments],
  ['POST', /^\/deployments\/(\d+)\/statuses$/, createStatus],
  ['GET', /^\/deployments\/(\d+)\/statuses$/, listStatuses],
  ['POST', /^\/check-runs$/, createCheck],
  ['PATCH', /^\/check-runs\/(\d+)$/, updateCheck],
  ['GET', /^\/check-runs\/(\d+)$/, getCheck],
  ['POST', /^\/issues\/(\d+)\/comments$/, createComment],
  ['GET', /^\/issues\/(\d+)\/comments$/, listComments],
  ['PATCH', /^\/issues\/comments\/(\d+)$/, updateComment],
  ['DELETE', /^\/issues\/comments\/(\d+)$/, deleteComment],
];

/** Answers a call below `/repos/OWNER/NAME`; throws a 404 Refusal for what GitHub does not have there either. */
export function answerRest(scope: Scope, request: Request, below: string): Answer {
  for (const [method, pattern, handler] of routes) {
    const match = method === request.method ? pattern.exec(below) : undefined;
    if (match) return handler(scope, { ids: match.slice(1).map(Number), body: bodyOf(request), request });
  }
  throw new Refusal(404, 'Not Found');
}

function createDeployment({ stored, place, now }: Scope, { body }: Parameters<Handler>[1]): Answer {
  const ref = textOf(body, 'ref');
  const deployment = {
    id: stored.nextId(),
    sha: /^[0-9a-f]{40}$/.test(ref) ? ref : '0'.repeat(40),
    ref,
    task: textOf(body, 'task') || 'deploy',
    environment: textOf(body, 'environment') || 'production',
    description: textOf(body, 'description') || undefined,
    payload: body['payload'],
    createdAt: now(),
  };
  stored.deployments.unshift(deployment);
  return { status: 201, body: renderDeployment(deployment, place) };
}

function listDeployments({ stored, place }: Scope, { request }: Parameters<Handler>[1]): Answer {
  const wanted = (['environment', 'ref', 'sha', 'task'] as const).filter((field) => request.query.has(field));
  const found = stored.deployments.filter((deployment) =>
    wanted.every((field) => deployment[field] === request.query.get(field)),
  );
  return paged(
    request,
    found.map((deployment) => renderDeployment(deployment, place)),
  );
}

function createStatus(
  { stored, place, now }: Scope,
  { ids: [id = 0], body }: Parameters<Handler>[1],
): Answer {
  if (!stored.deployments.some((deployment) => deployment.id === id)) throw new Refusal(404, 'Not Found');
  const description = textOf(body, 'description');
  if (description.length > DESCRIPTION_LIMIT)
    throw new Refusal(422, `description is too long (maximum is ${DESCRIPTION_LIMIT} characters)`);
  const status = {
    id: stored.nextId(),
    deployment: id,
    state: textOf(body, 'state'),
    description,
    environmentUrl: textOf(body, 'environment_url'),
    logUrl: textOf(body, 'log_url'),
    createdAt: now(),
  };
  stored.statuses.unshift(status);
  return { status: 201, body: renderStatus(status, place) };
}

function listStatuses({ stored, place }: Scope, { ids: [id = 0], request }: Parameters<Handler>[1]): Answer {
  const found = stored.statuses.filter(({ deployment }) => deployment === id);
  return paged(
    request,
    found.map((status) => renderStatus(status, place)),
  );
}

function createCheck({ stored, place, now }: Scope, { body }: Parameters<Handler>[1]): Answer {
  const conclusion = textOf(body, 'conclusion') || undefined;
  const check: CheckRun = {
    id: stored.nextId(),
    name: textOf(body, 'name'),
    headSha: textOf(body, 'head_sha'),
    status: conclusion === undefined ? textOf(body, 'status') || 'queued' : 'completed',
    conclusion,
    output: outputOf(body['output'], []),
    startedAt: now(),
    completedAt: conclusion === undefined ? undefined : now(),
  };
  stored.checks.push(check);
  return { status: 201, body: renderCheck(check, place) };
}

function updateCheck({ stored, place, now }: Scope, { ids, body }: Parameters<Handler>[1]): Answer {
  const check = byId(stored.checks, ids);
  const conclusion = textOf(body, 'conclusion') || undefined;
  check.status = conclusion === undefined ? textOf(body, 'status') || check.status : 'completed';
  check.conclusion = conclusion ?? check.conclusion;
  check.completedAt = conclusion === undefined ? check.completedAt : now();
  // Annotations of an update are added to those that are there.
  if (body['output'] !== undefined) check.output = outputOf(body['output'], check.output.annotations);
  return { status: 200, body: renderCheck(check, place) };
}

function getCheck({ stored, place }: Scope, { ids }: Parameters<Handler>[1]): Answer {
  return { status: 200, body: renderCheck(byId(stored.checks, ids), place) };
}

function createComment(
  { stored, place, now }: Scope,
  { ids: [issue = 0], body }: Parameters<Handler>[1],
): Answer {
  const comment = { id: stored.nextId(), issue, body: commentBody(body), createdAt: now(), updatedAt: now() };
  stored.comments.push(comment);
  return { status: 201, body: renderComment(comment, place) };
}

function listComments(
  { stored, place }: Scope,
  { ids: [issue = 0], request }: Parameters<Handler>[1],
): Answer {
  const found = stored.comments.filter((comment) => comment.issue === issue);
  return paged(
    request,
    found.map((comment) => renderComment(comment, place)),
  );
}

function updateComment({ stored, place, now }: Scope, { ids, body }: Parameters<Handler>[1]): Answer {
  const comment = byId(stored.comments, ids);
  comment.body = commentBody(body);
  comment.updatedAt = now();
  return { status: 200, body: renderComment(comment, place) };
}

function deleteComment({ stored }: Scope, { ids }: Parameters<Handler>[1]): Answer {
  stored.comments.splice(stored.comments.indexOf(byId(stored.comments, ids)), 1);
  return { status: 204 };
}

function commentBody(body: Body): string {
  const text = textOf(body, 'body');
  if (text.length > COMMENT_LIMIT)
    throw new Refusal(422, `Body is too long (maximum is ${COMMENT_LIMIT} characters)`);
  return text;
}

function outputOf(value: unknown, before: readonly unknown[]): CheckOutput {
  const output = recordOf(value);
  const added = Array.isArray(output['annotations']) ? (output['annotations'] as readonly unknown[]) : [];
  if (added.length > ANNOTATION_LIMIT) {
    throw new Refusal(422, `No more than ${ANNOTATION_LIMIT} annotations are permitted per request`);
  }
  return {
    title: textOf(output, 'title') || undefined,
    summary: textOf(output, 'summary') || undefined,
    annotations: [...before, ...added],
  };
}

function paged(request: Request, found: readonly unknown[]): Answer {
  const size = Math.min(Number(request.query.get('per_page') ?? 30), 100);
  const page = Number(request.query.get('page') ?? 1);
  const next = new URLSearchParams(request.query);
  next.set('page', String(page + 1));
  const more = page * size < found.length;
  const link = `<http://${request.headers.host ?? ''}${request.path}?${next.toString()}>; rel="next"`;
  return {
    status: 200,
    body: found.slice((page - 1) * size, page * size),
    ...(more ? { headers: { link } } : {}),
  };
}

function byId<T extends { readonly id: number }>(all: readonly T[], [id]: readonly number[]): T {
  const found = all.find((one) => one.id === id);
  if (found === undefined) throw new Refusal(404, 'Not Found');
  return found;
}

function bodyOf({ body }: Request): Body {
  if (body.length === 0) return {};
  try {
    return recordOf(JSON.parse(body.toString()));
  } catch {
    throw new Refusal(400, 'Problems parsing JSON');
  }
}

function recordOf(value: unknown): Body {
  return typeof value === 'object' && value !== null ? (value as Body) : {};
}

function textOf(body: Body, field: string): string {
  const value = body[field];
  return typeof value === 'string' ? value : '';
}
