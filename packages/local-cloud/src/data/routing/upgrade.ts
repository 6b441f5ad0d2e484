import { type IncomingMessage, ServerResponse, STATUS_CODES } from 'node:http';
import { connect, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';

import type { Caller, Refusal } from '../requests/caller.ts';
import { Http1Caller } from '../requests/http1-caller.ts';
import { requestRecord } from '../requests/request-record.ts';
import type { Upgrade } from '../requests/serve-both-versions.ts';
import { type Trace, traceOf } from '../requests/trace.ts';
import type { Revision } from '../revisions/revision.ts';
import { forwardedHeaders } from './ask.ts';
import type { Choose } from './choice.ts';
import type { Destination } from './destination.ts';
import { upstreamTimeout } from './exchange.ts';
import { refusalFor } from './forward.ts';

/** Carries a connection that leaves HTTP (WebSocket) as bytes in both directions; it counts as one request, with the service's timeout. */
export async function forwardUpgrade(upgrade: Upgrade, choose: Choose): Promise<void> {
  const { request, client } = upgrade;
  client.on('error', () => client.destroy());
  const caller = new Http1Caller(request, new ServerResponse(request));
  const choice = choose(caller);
  const { revision } = choice;
  const isPrivate = choice.kind === 'revision' && choice.isPrivate === true;
  const passing: Passing = { caller, trace: traceOf(caller), isPrivate, startedMs: performance.now() };
  if (choice.kind === 'refused') {
    if (choice.refusal.logged !== undefined) logAtEnd(passing, client, revision);
    refuse(client, passing, choice.refusal);
    return;
  }
  logAtEnd(passing, client, revision);
  try {
    await carry(upgrade, passing, choice);
  } catch (thrown) {
    if (passing.refusal === undefined) refuse(client, passing, refusalFor(thrown));
  }
}

/** What becomes known of the request on its way. */
interface Passing {
  readonly caller: Caller;
  readonly trace: Trace;
  readonly isPrivate: boolean;
  readonly startedMs: number;
  instance?: string;
  /** Of the answer, be it the instance's or ours; absent until there is one. */
  status?: number;
  refusal?: Refusal;
}

function logAtEnd(passing: Passing, client: Duplex, revision: Revision | undefined): void {
  client.once('close', () => {
    const { caller, trace, startedMs, instance, status, refusal } = passing;
    revision?.log((timeMs) =>
      requestRecord(caller, {
        timeMs,
        latencyMs: performance.now() - startedMs,
        trace,
        ...(status === undefined ? {} : { status }),
        instance,
        said: refusal?.logged,
      }),
    );
  });
}

async function carry(
  { request, client, head }: Upgrade,
  passing: Passing,
  { revision, preferred }: Destination,
): Promise<void> {
  const over = new AbortController();
  const lease = revision.lease();
  const timer = setTimeout(() => {
    endWith(client, passing, upstreamTimeout);
  }, revision.spec.timeoutSeconds * 1_000);
  client.once('close', () => {
    clearTimeout(timer);
    over.abort();
    const { status, startedMs } = passing;
    lease.end(status === undefined ? undefined : { status, latencyMs: performance.now() - startedMs });
  });
  const { id, port } = await lease.instance(() => over.signal, preferred);
  if (client.destroyed || passing.refusal !== undefined) return;
  passing.instance = id;
  const instance = connect({ port, host: '127.0.0.1' });
  // Both wait for the connection.
  instance.write(requestText(request, passing));
  instance.write(head);
  join(client, passing, instance);
}

/** Both directions, the instance's answer to the request first. */
function join(client: Duplex, passing: Passing, instance: Socket): void {
  instance.once('connect', () => client.pipe(instance));
  instance.once('data', (chunk: Buffer) => {
    passing.status ??= statusIn(chunk);
  });
  instance.pipe(client, { end: false });
  instance.once('error', (error) => {
    endWith(client, passing, refusalFor(error));
  });
  instance.once('end', () => {
    if (passing.status === undefined) refuse(client, passing, refusalFor(new Error('no answer came')));
    else client.end();
  });
  client.once('close', () => instance.destroy());
}

function statusIn(chunk: Buffer): number {
  return Number(/^HTTP\/1\.[01] (\d{3})/.exec(chunk.toString('latin1', 0, 12))?.[1] ?? '502');
}

/** As long as the instance has said nothing the client is told what was wrong; afterwards it is cut off. */
function endWith(client: Duplex, passing: Passing, refusal: Refusal): void {
  if (passing.status === undefined) refuse(client, passing, refusal);
  else if (passing.refusal === undefined) client.destroy();
}

function refuse(client: Duplex, passing: Passing, refusal: Refusal): void {
  const { status, body, headers = [] } = refusal;
  passing.refusal = refusal;
  passing.status = status;
  const head = [`HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}`, ...linesOf(headers), 'Connection: close'];
  client.end(`${head.join('\r\n')}\r\n\r\n${body}\n`);
}

function requestText({ method = 'GET', url = '/', rawHeaders }: IncomingMessage, passing: Passing): string {
  const leaving = rawHeaders.flatMap((name, at) =>
    at % 2 === 0 && ofLeaving.has(name.toLowerCase()) ? [name, rawHeaders[at + 1] ?? ''] : [],
  );
  const headers = ['Host', passing.caller.host, ...leaving, ...forwardedHeaders(passing)];
  return [`${method} ${url} HTTP/1.1`, ...linesOf(headers), '\r\n'].join('\r\n');
}

/** What says that the connection leaves HTTP, and is no business of the next one otherwise. */
const ofLeaving = new Set(['connection', 'upgrade', 'transfer-encoding']);

function linesOf(raw: readonly string[]): readonly string[] {
  return raw.flatMap((name, at) => (at % 2 === 0 ? [`${name}: ${raw[at + 1] ?? ''}`] : []));
}
