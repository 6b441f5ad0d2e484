import type { Answered } from './probe.ts';

/**
 * Why the platform answered in the container's place, if it did. Cloud Run's front end refuses with an HTML page:
 * 404 where ingress does not let the caller in or the address is not routed (yet), 403 and 401 where the caller may
 * not invoke the service.
 */
export function refusalOf({ status, contentType, body }: Answered): string | undefined {
  if (!isHtml(contentType, body)) return undefined;
  if (status === 404)
    return 'unreachable: 404 with an HTML page, which is how Cloud Run refuses by ingress or answers for an address that is not routed; check the ingress setting and the tag';
  if (status === 401 || status === 403)
    return `unreachable: ${status} with an HTML page, which is how Cloud Run refuses a caller without roles/run.invoker; make the service public or probe it with an identity token`;
  return undefined;
}

function isHtml(contentType: string, body: string): boolean {
  return /^text\/html\b/i.test(contentType) || /^\s*<(?:!doctype html|html)\b/i.test(body);
}
