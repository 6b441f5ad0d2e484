import { createHash } from 'node:crypto';

import { type Answer, Refusal, type Request } from './http.ts';

interface Artifact {
  readonly id: number;
  readonly name: string;
  readonly run: string;
  readonly job: string;
  readonly createdAt: string;
  readonly blocks: Map<string, Buffer>;
  content: Buffer;
  /** As the uploader said it; the client unpacks what is called a zip. */
  type: string;
  digest: string | undefined;
}

/** The artifact service of a runner (v4): a Twirp API, and block blobs as Azure stores them. */
export interface Artifacts {
  /** Answers a call below `/twirp/` or `/blob/`. */
  readonly answer: (request: Request) => Answer;
}

const TWIRP = '/twirp/github.actions.results.api.v1.ArtifactService/';

/** An empty artifact service; `url` is where signed upload and download addresses lead. */
export function createArtifacts(url: () => string, now: () => string): Artifacts {
  const all: Artifact[] = [];
  return {
    answer: (request) => {
      if (request.path.startsWith('/blob/')) return answerBlob(all, request);
      const method = request.path.startsWith(TWIRP)
        ? methods.get(request.path.slice(TWIRP.length))
        : undefined;
      if (method === undefined) throw new Refusal(404, 'no such method');
      return called(() =>
        method({ all, url: url(), now: now() }, JSON.parse(request.body.toString() || '{}') as Body),
      );
    },
  };
}

/** A refusal in the words of Twirp, which the client prints. */
function called(method: () => unknown): Answer {
  try {
    return { status: 200, body: method() };
  } catch (thrown) {
    if (!(thrown instanceof Refusal)) throw thrown;
    const code = TWIRP_CODES.get(thrown.status) ?? 'invalid_argument';
    return { status: thrown.status, body: { code, msg: thrown.message } };
  }
}

const TWIRP_CODES: ReadonlyMap<number, string> = new Map([
  [404, 'not_found'],
  [409, 'already_exists'],
]);

interface Scope {
  readonly all: Artifact[];
  readonly url: string;
  readonly now: string;
}

const methods: ReadonlyMap<string, (scope: Scope, body: Body) => unknown> = new Map([
  ['CreateArtifact', create],
  ['FinalizeArtifact', finalize],
  ['ListArtifacts', list],
  ['GetSignedArtifactURL', address],
  ['DeleteArtifact', remove],
]);

function create({ all, url, now }: Scope, body: Body): unknown {
  const [name, run] = [text(body, 'name'), text(body, 'workflow_run_backend_id')];
  if (all.some((one) => one.name === name && one.run === run)) {
    throw new Refusal(409, 'an artifact with this name already exists on the workflow run');
  }
  const artifact = {
    id: all.length + 1,
    name,
    run,
    job: text(body, 'workflow_job_run_backend_id'),
    createdAt: now,
    blocks: new Map<string, Buffer>(),
    content: Buffer.alloc(0),
    type: 'application/zip',
    digest: undefined,
  };
  all.push(artifact);
  return { ok: true, signed_upload_url: `${url}/blob/${artifact.id}?sig=local` };
}

function finalize({ all }: Scope, body: Body): unknown {
  const artifact = named(all, body);
  const digest = `sha256:${createHash('sha256').update(artifact.content).digest('hex')}`;
  const claimed = text(body, 'hash');
  if (claimed !== '' && claimed !== digest) throw new Refusal(400, `expected ${claimed}, stored ${digest}`);
  artifact.digest = digest;
  return { ok: true, artifact_id: String(artifact.id) };
}

function list({ all }: Scope, body: Body): unknown {
  const filter = text(body, 'name_filter');
  const artifacts = all
    .filter(({ run, digest }) => run === text(body, 'workflow_run_backend_id') && digest !== undefined)
    .filter(({ name }) => filter === '' || name === filter)
    .map((one) => ({
      workflow_run_backend_id: one.run,
      workflow_job_run_backend_id: one.job,
      database_id: String(one.id),
      name: one.name,
      size: String(one.content.length),
      created_at: one.createdAt,
      digest: one.digest,
    }));
  return { artifacts };
}

function address({ all, url }: Scope, body: Body): unknown {
  return { signed_url: `${url}/blob/${named(all, body).id}?sig=local` };
}

function remove({ all }: Scope, body: Body): unknown {
  const artifact = named(all, body);
  all.splice(all.indexOf(artifact), 1);
  return { ok: true, artifact_id: String(artifact.id) };
}

type Body = Readonly<Record<string, unknown>>;

// Uploads arrive as blocks that a last call puts in order; small ones as one block blob.
function answerBlob(all: readonly Artifact[], request: Request): Answer {
  const artifact = all.find(({ id }) => String(id) === request.path.slice('/blob/'.length));
  if (artifact === undefined) throw new Refusal(404, 'no such blob');
  const part = request.query.get('comp');
  if (request.method === 'GET') return download(artifact);
  artifact.type = request.headers['x-ms-blob-content-type']?.toString() ?? artifact.type;
  if (part === 'block') artifact.blocks.set(request.query.get('blockid') ?? '', request.body);
  else if (part === 'blocklist') artifact.content = joined(artifact, request.body.toString());
  else artifact.content = request.body;
  return { status: 201 };
}

function download({ name, type, content }: Artifact): Answer {
  const file = type === 'application/zip' ? `${name}.zip` : name;
  return {
    status: 200,
    body: content,
    headers: {
      'content-type': type,
      'content-disposition': `attachment; filename="${encodeURIComponent(file)}"`,
    },
  };
}

function joined(artifact: Artifact, list: string): Buffer {
  const ids = [...list.matchAll(/<(?:Latest|Committed|Uncommitted)>([^<]*)</g)].map(([, id = '']) => id);
  return Buffer.concat(ids.map((id) => artifact.blocks.get(id) ?? Buffer.alloc(0)));
}

function named(all: readonly Artifact[], body: Body): Artifact {
  const found = all.find(
    ({ name, run }) => name === text(body, 'name') && run === text(body, 'workflow_run_backend_id'),
  );
  if (found === undefined) throw new Refusal(404, `no artifact named ${text(body, 'name')}`);
  return found;
}

// Fields of a Twirp message may come in the proto's spelling or in JSON's, wrapped values as {value}.
function text(body: Body, field: string): string {
  const camel = field.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
  const value = body[field] ?? body[camel];
  if (typeof value === 'object' && value !== null) return text(value as Body, 'value');
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}
