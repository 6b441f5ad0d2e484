import { createHash } from 'node:crypto';

import { LIVE_SCRIPT } from './live-script.ts';
import { STYLE } from './style.ts';

/** Nothing runs and nothing is shown but our own style and script, told by their hashes; nothing is fetched but from this server. */
export const CONTENT_POLICY = [
  "default-src 'none'",
  `script-src ${hashOf(LIVE_SCRIPT)}`,
  `style-src ${hashOf(STYLE)}`,
  "img-src 'self'",
  "connect-src 'self'",
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ');

function hashOf(text: string): string {
  return `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
}
