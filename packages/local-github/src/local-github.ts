import { type Artifacts, createArtifacts } from './artifacts.ts';
import { type Contract, loadContract } from './contract.ts';
import { type Answer, Refusal, type Request, serve } from './http.ts';
import { createIssuer, type Issuer, type Subject } from './oidc.ts';
import { emptyStore, type Stored } from './repository-store.ts';
import { answerRest } from './rest.ts';

export interface LocalGithubOptions {
  /** 0, and so a free one, unless told. */
  readonly port?: number;
  /** Milliseconds since the epoch. */
  readonly now?: () => number;
  /** Requests an hour that one token may make; 1,000 as GITHUB_TOKEN unless told. */
  readonly requestsPerHour?: number;
}

export interface LocalGithub extends AsyncDisposable {
  readonly url: string;
  /** The token that every call needs. */
  readonly token: string;
  /** Environment of a job: the API, artifacts and, where the job may ask for one, the address of its OIDC token. */
  readonly jobEnvironment: (
    subject: Subject,
    may: { readonly requestIdToken: boolean },
  ) => Readonly<Record<string, string>>;
  readonly close: () => Promise<void>;
}

const TOKEN = 'ghs_local';

/** Starts a GitHub of our own for the calls that Fairlead makes; answers that GitHub would not give are a 500 here. */
export async function startLocalGithub(options: LocalGithubOptions = {}): Promise<LocalGithub> {
  const now = options.now ?? Date.now;
  let url = '';
  const parts: Parts = {
    contract: await loadContract(),
    repositories: new Map(),
    artifacts: createArtifacts(
      () => url,
      () => isoTime(now()),
    ),
    issuer: createIssuer('https://token.actions.githubusercontent.com', () => Math.floor(now() / 1000)),
    subjects: new Map(),
    budget: createBudget(options.requestsPerHour ?? 1000, now),
    now: () => isoTime(now()),
  };
  const server = await serve(options.port ?? 0, (request) => answer(parts, request, url));
  url = server.url;
  return {
    url,
    token: TOKEN,
    jobEnvironment: (subject, may) => jobEnvironment(parts, subject, { url, ...may }),
    close: server.close,
    [Symbol.asyncDispose]: server.close,
  };
}

interface Parts {
  readonly contract: Contract;
  readonly repositories: Map<string, Stored>;
  readonly artifacts: Artifacts;
  readonly issuer: Issuer;
  /** Who may ask for an OIDC token, by the request token of the job. */
  readonly subjects: Map<string, Subject>;
  readonly budget: Budget;
  readonly now: () => string;
}

function answer(parts: Parts, request: Request, url: string): Answer {
  if (request.path === '/.well-known/jwks') return { status: 200, body: parts.issuer.keys };
  if (request.path === '/oidc/token') return { status: 200, body: { value: idToken(parts, request) } };
  if (request.path.startsWith('/twirp/') || request.path.startsWith('/blob/'))
    return parts.artifacts.answer(request);
  return answerApi(parts, request, url);
}

function answerApi(parts: Parts, request: Request, url: string): Answer {
  const [, owner, name, below = ''] = /^\/repos\/([^/]+)\/([^/]+)(\/.*)?$/.exec(request.path) ?? [];
  if (owner === undefined || name === undefined) throw new Refusal(404, 'Not Found');
  if (!/^(token|Bearer) \S+$/i.test(request.headers.authorization ?? ''))
    throw new Refusal(401, 'Requires authentication');
  parts.budget.spend();
  checkRequest(parts.contract, request);
  const repository = `${owner}/${name}`;
  const stored = parts.repositories.get(repository) ?? emptyStore();
  parts.repositories.set(repository, stored);
  const answered = answerRest({ stored, place: { api: url, repository }, now: parts.now }, request, below);
  checkResponse(parts.contract, request, answered);
  return answered;
}

function checkRequest(contract: Contract, request: Request): void {
  if (request.method === 'GET' || request.body.length === 0) return;
  const verdict = contract.request(request.method, request.path, parsedBody(request));
  if (verdict?.kind === 'misfits') throw new Refusal(422, `Invalid request.\n\n${verdict.message}`);
}

function parsedBody({ body }: Request): unknown {
  try {
    return JSON.parse(body.toString());
  } catch {
    throw new Refusal(400, 'Problems parsing JSON');
  }
}

// Our own answers are held to GitHub's description too: a double that answers what GitHub never does proves nothing.
function checkResponse(contract: Contract, request: Request, { status, body }: Answer): void {
  const verdict = contract.response(request.method, request.path, {
    status,
    body: JSON.parse(JSON.stringify(body ?? null)) as unknown,
  });
  if (verdict.kind === 'misfits')
    throw new Refusal(500, `the local GitHub would answer what GitHub does not: ${verdict.message}`);
}

function idToken(parts: Parts, request: Request): string {
  const token = /^Bearer (\S+)$/i.exec(request.headers.authorization ?? '')?.[1] ?? '';
  const subject = parts.subjects.get(token);
  if (subject === undefined)
    throw new Refusal(401, 'the job may not ask for an ID token: it needs id-token: write');
  return parts.issuer.token(
    request.query.get('audience') ?? `https://github.com/${subject.repository.split('/')[0] ?? ''}`,
    subject,
  );
}

function jobEnvironment(
  parts: Parts,
  subject: Subject,
  at: { readonly url: string; readonly requestIdToken: boolean },
): Readonly<Record<string, string>> {
  const base = {
    GITHUB_API_URL: at.url,
    ACTIONS_RESULTS_URL: `${at.url}/`,
    ACTIONS_RUNTIME_TOKEN: runtimeToken(),
  };
  if (!at.requestIdToken) return base;
  const requestToken = `job-${parts.subjects.size + 1}-${Math.random().toString(36).slice(2)}`;
  parts.subjects.set(requestToken, subject);
  return {
    ...base,
    ACTIONS_ID_TOKEN_REQUEST_URL: `${at.url}/oidc/token?api-version=2.0`,
    ACTIONS_ID_TOKEN_REQUEST_TOKEN: requestToken,
  };
}

// The artifact client reads the ids of run and job from the scope of this token and checks nothing else of it.
function runtimeToken(): string {
  const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  return `${part({ alg: 'none' })}.${part({ scp: 'Actions.Results:run:job' })}.`;
}

interface Budget {
  readonly spend: () => void;
}

function createBudget(perHour: number, now: () => number): Budget {
  let start = now();
  let spent = 0;
  return {
    spend: () => {
      if (now() - start >= 3_600_000) {
        start = now();
        spent = 0;
      }
      spent += 1;
      if (spent <= perHour) return;
      const reset = String(Math.ceil((start + 3_600_000) / 1000));
      throw new Refusal(403, 'API rate limit exceeded for installation.', {
        'x-ratelimit-remaining': '0',
        'x-ratelimit-reset': reset,
      });
    },
  };
}

function isoTime(ms: number): string {
  return new Date(ms).toISOString().replace(/\.\d+Z$/, 'Z');
}
