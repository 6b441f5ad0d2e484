import type { IncomingMessage } from 'node:http';
import { connect } from 'node:net';
import type { Duplex } from 'node:stream';

import { messageOf } from '@fairlead/action-kit';

import type { Revision } from './revision.ts';

/** Carries a connection that leaves HTTP (WebSocket) as bytes in both directions; it counts as one request, with the service's timeout. */
export async function forwardUpgrade(
  request: IncomingMessage,
  client: Duplex,
  { head, revision }: { readonly head: Buffer; readonly revision: Revision },
): Promise<void> {
  const lease = revision.lease();
  const startedMs = performance.now();
  const timer = setTimeout(() => client.destroy(), revision.spec.timeoutSeconds * 1_000);
  client.once('close', () => {
    clearTimeout(timer);
    lease.end({ status: 101, latencyMs: performance.now() - startedMs });
  });
  client.on('error', () => client.destroy());
  try {
    const { port } = await lease.instance();
    if (client.destroyed) return;
    const instance = connect({ port, host: '127.0.0.1' }, () => {
      instance.write(requestText(request));
      instance.write(head);
      client.pipe(instance).pipe(client);
    });
    instance.on('error', () => client.destroy());
    instance.once('close', () => client.destroy());
    client.once('close', () => instance.destroy());
  } catch (thrown) {
    client.end(`HTTP/1.1 503 Service Unavailable\r\nConnection: close\r\n\r\n${messageOf(thrown)}\n`);
  }
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
