import type { ServiceAccess } from '../../data-plane.ts';
import type { Caller, Refusal } from '../requests/caller.ts';
import { bearerOf, type TokenVerifier } from '../requests/identity-token.ts';

export interface Gate {
  readonly access: ServiceAccess;
  /** The service's own URLs: what a token may be made out to beside the access's audiences. */
  readonly urls: readonly string[];
  readonly verify: TokenVerifier;
}

/** Says that a request comes from inside the network; whoever is on this machine may say so. */
const internalHeader = 'x-local-cloud-internal';

/** What keeps a request from the service, in the order in which Cloud Run looks: ingress before identity. */
export function refusalAtGate(caller: Caller, { access, urls, verify }: Gate): Refusal | undefined {
  if (!isLetIn(access, caller)) return notFound;
  if (access.isPublic) return undefined;
  const bearer = bearerOf(caller);
  if (bearer === undefined) return forbidden(caller.path);
  const verdict = verify(bearer, [...urls, ...access.audiences]);
  return verdict.kind === 'valid' ? undefined : unauthorized(caller.path, verdict.because);
}

function isLetIn({ ingress = 'ALL' }: ServiceAccess, caller: Caller): boolean {
  if (ingress === 'ALL') return true;
  return ingress !== 'NONE' && caller.header(internalHeader) !== undefined;
}

const html = 'text/html; charset=UTF-8';
const readMore =
  'Read more at https://cloud.google.com/run/docs/securing/authenticating Additional troubleshooting documentation can be found at: https://cloud.google.com/run/docs/troubleshooting#unauthorized-client';

const notFound: Refusal = {
  status: 404,
  type: html,
  body: page(
    '404 Page not found',
    '<h1>Error: Page not found</h1>\n<h2>The requested URL was not found on this server.</h2>',
  ),
};

function forbidden(path: string): Refusal {
  return {
    status: 403,
    type: html,
    headers: ['WWW-Authenticate', 'Bearer'],
    logged: `The request was not authenticated. Either allow unauthenticated invocations or set the proper Authorization header. ${readMore}`,
    body: page(
      '403 Forbidden',
      `<h1>Error: Forbidden</h1>\n<h2>Your client does not have permission to get URL <code>${escaped(path)}</code> from this server.</h2>\n` +
        '<h2>The request was not authenticated. Either allow unauthenticated invocations or set the proper Authorization header.</h2>',
    ),
  };
}

function unauthorized(path: string, because: string): Refusal {
  const challenge = 'Bearer error="invalid_token" error_description="The access token could not be verified"';
  return {
    status: 401,
    type: html,
    headers: ['WWW-Authenticate', challenge],
    logged: `The request was not authorized to invoke this service. The access token could not be verified. ${readMore}`,
    body: page(
      '401 Unauthorized',
      `<h1>Error: Unauthorized</h1>\n<h2>Your client does not have permission to the requested URL <code>${escaped(path)}</code>.</h2>\n` +
        `<h2>${escaped(because)}</h2>`,
    ),
  };
}

function page(title: string, body: string): string {
  return `
<html><head>
<meta http-equiv="content-type" content="text/html;charset=utf-8">
<title>${title}</title>
</head>
<body text=#000000 bgcolor=#ffffff>
${body}
</body></html>`;
}

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);
}
