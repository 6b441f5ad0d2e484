import { type IncomingMessage, ServerResponse, STATUS_CODES } from 'node:http';
import { connect } from 'node:net';
import type { Duplex } from 'node:stream';

import type { Refusal } from './caller.ts';
import type { Choose } from './choice.ts';
import { refusalFor } from './forward.ts';
import { Http1Caller } from './http1-caller.ts';
import type { Revision } from './revision.ts';
import type { Upgrade } from './serve-both-versions.ts';

/** Carries a connection that leaves HTTP (WebSocket) as bytes in both directions; it counts as one request, with the service's timeout. */
export async function forwardUpgrade(upgrade: Upgrade, choose: Choose): Promise<void> {
  const { request, client } = upgrade;
  client.on('error', () => client.destroy());
  const choice = choose(new Http1Caller(request, new ServerResponse(request)));
  if (choice.kind === 'refused') {
    refuse(client, choice.refusal);
    return;
  }
  try {
    await carry(upgrade, choice);
  } catch (thrown) {
    const { refusal, logged } = refusalFor(thrown);
    choice.revision.say(logged);
    refuse(client, refusal);
  }
}

async function carry(
  { request, client, head }: Upgrade,
  { revision, preferred }: { readonly revision: Revision; readonly preferred?: string | undefined },
): Promise<void> {
  const over = new AbortController();
  const lease = revision.lease();
  const startedMs = performance.now();
  const timer = setTimeout(() => client.destroy(), revision.spec.timeoutSeconds * 1_000);
  client.once('close', () => {
    clearTimeout(timer);
    over.abort();
    lease.end({ status: 101, latencyMs: performance.now() - startedMs });
  });
  const { port } = await lease.instance(() => over.signal, preferred);
  if (client.destroyed) return;
  const instance = connect({ port, host: '127.0.0.1' }, () => {
    instance.write(requestText(request));
    instance.write(head);
    client.pipe(instance).pipe(client);
  });
  instance.on('error', () => client.destroy());
  instance.once('close', () => client.destroy());
  client.once('close', () => instance.destroy());
}

function refuse(client: Duplex, { status, body, headers = [] }: Refusal): void {
  const lines = headers.flatMap((name, index) =>
    index % 2 === 0 ? [`${name}: ${headers[index + 1] ?? ''}`] : [],
  );
  const head = [`HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}`, ...lines, 'Connection: close'];
  client.end(`${head.join('\r\n')}\r\n\r\n${body}\n`);
}

function requestText(request: IncomingMessage): string {
  const { rawHeaders: raw } = request;
  const lines = raw.flatMap((name, index) => (index % 2 === 0 ? [`${name}: ${raw[index + 1] ?? ''}`] : []));
  const client = request.socket.remoteAddress ?? '127.0.0.1';
  return [
    `${request.method ?? 'GET'} ${request.url ?? '/'} HTTP/1.1`,
    ...lines,
    `X-Forwarded-For: ${client}`,
    'X-Forwarded-Proto: http',
    '\r\n',
  ].join('\r\n');
}
