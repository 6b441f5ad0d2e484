import type { ApiReply } from '../http/route.ts';
import { CONTENT_POLICY } from './content-policy.ts';
import { document, type Page } from './layout.ts';

const HEADERS = {
  'content-type': 'text/html; charset=utf-8',
  'cache-control': 'no-store',
  'content-security-policy': CONTENT_POLICY,
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  // Not no-referrer: with it, browsers send `Origin: null` along with our own forms.
  'referrer-policy': 'same-origin',
  'x-frame-options': 'DENY',
} as const;

export function pageReply(
  page: Page,
  of: { readonly nowMs: number; readonly status?: number; readonly query?: URLSearchParams },
): ApiReply {
  return { status: of.status ?? 200, headers: HEADERS, body: Buffer.from(document(page, of)) };
}
