import { type IncomingMessage, ServerResponse, STATUS_CODES } from 'node:http';
import { connect } from 'node:net';
import type { Duplex } from 'node:stream';

import type { Caller, Refusal } from '../requests/caller.ts';
import type { Choose } from './choice.ts';
import type { Destination } from './destination.ts';
import { refusalFor } from './forward.ts';
import { Http1Caller } from '../requests/http1-caller.ts';
import { requestRecord } from '../requests/request-record.ts';
import type { Revision } from '../revisions/revision.ts';
import type { Upgrade } from '../requests/serve-both-versions.ts';
import { type Trace, traceHeaders, traceOf } from '../requests/trace.ts';

/** Carries a connection that leaves HTTP (WebSocket) as bytes in both directions; it counts as one request, with the service's timeout. */
export async function forwardUpgrade(upgrade: Upgrade, choose: Choose): Promise<void> {
  const { request, client } = upgrade;
  client.on('error', () => client.destroy());
  const caller = new Http1Caller(request, new ServerResponse(request));
  const choice = choose(caller);
  const { revision } = choice;
  const passing: Passing = { caller, trace: traceOf(caller), startedMs: performance.now() };
  if (choice.kind === 'refused') {
    if (choice.refusal.logged !== undefined) logAtEnd(passing, client, revision);
    refuse(client, passing, choice.refusal);
    return;
  }
  logAtEnd(passing, client, revision);
  try {
    await carry(upgrade, passing, choice);
  } catch (thrown) {
    refuse(client, passing, refusalFor(thrown));
  }
}

/** What becomes known of the request on its way. */
interface Passing {
  readonly caller: Caller;
  readonly trace: Trace;
  readonly startedMs: number;
  instance?: string;
  refusal?: Refusal;
}

function logAtEnd(passing: Passing, client: Duplex, revision: Revision | undefined): void {
  client.once('close', () => {
    const { caller, trace, startedMs, instance, refusal } = passing;
    revision?.log((timeMs) =>
      requestRecord(caller, {
        timeMs,
        latencyMs: performance.now() - startedMs,
        trace,
        status: refusal?.status ?? 101,
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
  const timer = setTimeout(() => client.destroy(), revision.spec.timeoutSeconds * 1_000);
  client.once('close', () => {
    clearTimeout(timer);
    over.abort();
    lease.end({ status: 101, latencyMs: performance.now() - passing.startedMs });
  });
  const { id, port } = await lease.instance(() => over.signal, preferred);
  if (client.destroyed) return;
  passing.instance = id;
  const instance = connect({ port, host: '127.0.0.1' }, () => {
    instance.write(requestText(request, passing.trace));
    instance.write(head);
    client.pipe(instance).pipe(client);
  });
  instance.on('error', () => client.destroy());
  instance.once('close', () => client.destroy());
  client.once('close', () => instance.destroy());
}

function refuse(client: Duplex, passing: Passing, refusal: Refusal): void {
  const { status, body, headers = [] } = refusal;
  passing.refusal = refusal;
  const head = [`HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}`, ...linesOf(headers), 'Connection: close'];
  client.end(`${head.join('\r\n')}\r\n\r\n${body}\n`);
}

function requestText(request: IncomingMessage, trace: Trace): string {
  const client = request.socket.remoteAddress ?? '127.0.0.1';
  const added = ['X-Forwarded-For', client, 'X-Forwarded-Proto', 'http', ...traceHeaders(trace)];
  const given = request.rawHeaders.flatMap((name, at, raw) =>
    at % 2 === 1 || isOfTrace(name) ? [] : [name, raw[at + 1] ?? ''],
  );
  return [
    `${request.method ?? 'GET'} ${request.url ?? '/'} HTTP/1.1`,
    ...linesOf([...given, ...added]),
    '\r\n',
  ].join('\r\n');
}

function isOfTrace(name: string): boolean {
  return /^(?:traceparent|x-cloud-trace-context)$/i.test(name);
}

function linesOf(raw: readonly string[]): readonly string[] {
  return raw.flatMap((name, at) => (at % 2 === 0 ? [`${name}: ${raw[at + 1] ?? ''}`] : []));
}
