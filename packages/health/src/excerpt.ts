const LIMIT = 300;

/** A body as it may be shown: one line, credentials blotted out, at most 300 characters. */
export function excerpt(body: string): string {
  const line = redacted(body.slice(0, 20 * LIMIT))
    .replace(/\s+/g, ' ')
    .trim();
  if (line === '') return '(empty body)';
  return line.length <= LIMIT ? line : `${line.slice(0, LIMIT)}… (${body.length} characters)`;
}

/** Text without what looks like a credential: passwords in URLs, bearer tokens, values of telling keys, private keys. */
export function redacted(text: string): string {
  return text
    .replace(/-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)/g, '***')
    .replace(/\b([a-z][a-z0-9+.-]*:\/\/[^\s:/@"']*):[^\s@"']+@/gi, '$1:***@')
    .replace(/\b(bearer|basic)\s+[\w.~+/=-]{8,}/gi, '$1 ***')
    .replace(/\beyJ[\w-]{8,}\.[\w-]{8,}(?:\.[\w-]*)?/g, '***')
    .replace(
      /(["']?[\w-]*(?:password|passwd|secret|token|api[_-]?key|credential)[\w-]*["']?\s*[:=]\s*)("(?:[^"\\]|\\.)*"|'[^']*'|[^\s,;&}]+)/gi,
      '$1***',
    );
}
