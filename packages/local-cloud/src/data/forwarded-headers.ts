import type { IncomingMessage } from 'node:http';

const hopByHop = new Set([
  'connection',
  'keep-alive',
  'proxy-connection',
  'upgrade',
  'proxy-authenticate',
  'proxy-authorization',
]);

/** The request's headers as they came, in order and in their case, with `X-Forwarded-*` as Cloud Run sets them. */
export function requestHeaders(request: IncomingMessage): string[] {
  const kept = endToEnd(request, ['x-forwarded-for', 'x-forwarded-proto']);
  const client = request.socket.remoteAddress ?? '127.0.0.1';
  const before = request.headers['x-forwarded-for'];
  const chain = before === undefined ? client : `${String(before)}, ${client}`;
  return [...kept, 'X-Forwarded-For', chain, 'X-Forwarded-Proto', 'http'];
}

/** The answer's headers as they came; how its body is cut into chunks is the next connection's own affair. */
export function responseHeaders(response: IncomingMessage): string[] {
  return endToEnd(response, ['transfer-encoding']);
}

function endToEnd(message: IncomingMessage, without: readonly string[]): string[] {
  const dropped = new Set([...hopByHop, ...namedByConnection(message), ...without]);
  return pairs(message.rawHeaders).flatMap(([name, value]) =>
    dropped.has(name.toLowerCase()) ? [] : [name, value],
  );
}

function namedByConnection(message: IncomingMessage): string[] {
  return (message.headers.connection ?? '').split(',').map((name) => name.trim().toLowerCase());
}

function pairs(raw: readonly string[]): [string, string][] {
  return raw.flatMap((name, index): [string, string][] =>
    index % 2 === 0 ? [[name, raw[index + 1] ?? '']] : [],
  );
}
