import type { RawHeaders } from './caller.ts';

const ofTheConnection = new Set([
  'connection',
  'keep-alive',
  'proxy-connection',
  'upgrade',
  'proxy-authenticate',
  'proxy-authorization',
  'transfer-encoding',
  'http2-settings',
]);

/** The headers without those that concern only the connection they came over; `connection` is that header's value. */
export function endToEnd(raw: RawHeaders, connection: string | undefined): string[] {
  const named = namedBy(connection);
  const kept: string[] = [];
  for (let at = 0; at < raw.length; at += 2) {
    const name = raw[at] ?? '';
    const lower = name.toLowerCase();
    if (ofTheConnection.has(lower) || named?.includes(lower) === true) continue;
    kept.push(name, raw[at + 1] ?? '');
  }
  return kept;
}

// Almost every connection says keep-alive or nothing: these need no look at each header.
function namedBy(connection: string | undefined): readonly string[] | undefined {
  if (connection === undefined || connection === 'keep-alive' || connection === 'close') return undefined;
  return connection.split(',').map((name) => name.trim().toLowerCase());
}

/** Written as lines: a colon and a space between name and value, and the end of the line. */
export function byteLength(raw: RawHeaders): number {
  let bytes = 0;
  for (const text of raw) bytes += text.length + 2;
  return bytes;
}

/** As HTTP/2 wants them: lower-case names, values of one name together. */
export function headerFields(raw: RawHeaders): Record<string, string | string[]> {
  const fields: Record<string, string | string[]> = {};
  for (let at = 0; at < raw.length; at += 2) {
    const name = (raw[at] ?? '').toLowerCase();
    const value = raw[at + 1] ?? '';
    const known = fields[name];
    if (known === undefined) fields[name] = value;
    else fields[name] = [...(typeof known === 'string' ? [known] : known), value];
  }
  return fields;
}

/** Without HTTP/2's pseudo headers; what a client has cut into several `cookie` headers is one again. */
export function withoutPseudo(raw: RawHeaders): string[] {
  const kept: string[] = [];
  const cookies: string[] = [];
  for (let at = 0; at < raw.length; at += 2) {
    const name = raw[at] ?? '';
    if (name.startsWith(':')) continue;
    if (name === 'cookie') cookies.push(raw[at + 1] ?? '');
    else kept.push(name, raw[at + 1] ?? '');
  }
  if (cookies.length > 0) kept.push('cookie', cookies.join('; '));
  return kept;
}
