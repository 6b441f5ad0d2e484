import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';

/** A request as the routes see it. */
export interface Request {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingMessage['headers'];
  readonly body: Buffer;
}

export interface Answer {
  readonly status: number;
  /** Written as JSON unless it is bytes. */
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Thrown by a route to answer with GitHub's error body. */
export class Refusal extends Error {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;

  constructor(status: number, message: string, headers: Readonly<Record<string, string>> = {}) {
    super(message);
    this.status = status;
    this.headers = headers;
  }
}

const LARGEST_BODY = 64 * 1024 * 1024;

/** Serves on a loopback port; whatever a route throws becomes an answer. */
export async function serve(
  port: number,
  answer: (request: Request) => Answer | Promise<Answer>,
): Promise<{ readonly url: string; readonly close: () => Promise<void> }> {
  const server = createServer((incoming, outgoing) => {
    void respond(incoming, outgoing, answer);
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('expected a port to listen on');
  return { url: `http://127.0.0.1:${address.port}`, close: () => closed(server) };
}

async function respond(
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  answer: (request: Request) => Answer | Promise<Answer>,
): Promise<void> {
  const { status, body, headers } = await settled(incoming, answer);
  const bytes = Buffer.isBuffer(body) ? body : Buffer.from(body === undefined ? '' : JSON.stringify(body));
  const type = Buffer.isBuffer(body) ? 'application/octet-stream' : 'application/json; charset=utf-8';
  outgoing.writeHead(status, { 'content-type': type, 'content-length': String(bytes.length), ...headers });
  outgoing.end(bytes);
}

async function settled(
  incoming: IncomingMessage,
  answer: (request: Request) => Answer | Promise<Answer>,
): Promise<Answer> {
  try {
    const url = new URL(incoming.url ?? '/', 'http://127.0.0.1');
    const { method = 'GET', headers } = incoming;
    return await answer({
      method,
      path: url.pathname,
      query: url.searchParams,
      headers,
      body: await bodyOf(incoming),
    });
  } catch (thrown) {
    if (thrown instanceof Refusal)
      return { status: thrown.status, body: { message: thrown.message }, headers: thrown.headers };
    return { status: 500, body: { message: thrown instanceof Error ? thrown.message : String(thrown) } };
  }
}

async function bodyOf(incoming: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of incoming as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > LARGEST_BODY) throw new Refusal(413, 'the body is larger than 64 MiB');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function closed(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => {
      resolve();
    });
    server.closeAllConnections();
  });
}
