import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';

/**
 * Takes a proxy's request (`GET http://us-central1-run.googleapis.com/apis/… HTTP/1.1`) as one to this server where its host is one of Google's APIs:
 * the host is kept as `:authority`, which no client of HTTP/1.1 can send itself. The host of any other such request goes before its Host
 * header, as the standard has it, and is checked like one.
 */
export function takeAbsoluteForm(request: IncomingMessage): void {
  const [, authority, path = '/'] = /^http:\/\/([^/?#]+)(.*)$/i.exec(request.url ?? '') ?? [];
  if (authority === undefined) return;
  request.url = path.startsWith('/') ? path : `/${path}`;
  if (!isGoogleApi(authority)) {
    request.headers.host = authority;
    return;
  }
  request.headers[':authority'] = authority.toLowerCase();
  request.headers.host = `127.0.0.1:${request.socket.localPort ?? 0}`;
}

/** Answers CONNECT, by which a client asks a proxy for a tunnel to an https host. */
export function refuseTunnel(_request: IncomingMessage, socket: Duplex): void {
  const message = 'the local cloud speaks plain http: use http:// endpoints';
  socket.on('error', () => undefined);
  socket.end(
    `HTTP/1.1 405 ${message}\r\nallow: GET, POST, PUT, PATCH, DELETE\r\nconnection: close\r\ncontent-type: text/plain\r\ncontent-length: ${message.length}\r\n\r\n${message}`,
  );
}

function isGoogleApi(authority: string): boolean {
  return /^(?:[a-z0-9-]+\.)+googleapis\.com(?::80)?$/i.test(authority);
}
