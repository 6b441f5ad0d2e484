import type { IncomingHttpHeaders } from 'node:http';

import { CloudError } from '../control/cloud-error.ts';

const LOOPBACK = ['127.0.0.1', 'localhost', '[::1]'];

/**
 * Refuses what a web page could send here: a name that resolves to loopback (DNS rebinding) shows in Host, a page's own address in Origin.
 */
export function checkOrigin(headers: IncomingHttpHeaders, port: number): void {
  const message = foreignHeader(headers, port);
  if (message !== undefined) throw new CloudError('PERMISSION_DENIED', message);
}

/** What says that a request was not meant for the server at this port, or undefined. */
export function foreignHeader({ host = '', origin }: IncomingHttpHeaders, port: number): string | undefined {
  const own = LOOPBACK.map((name) => `${name}:${port}`);
  if (!own.includes(host.toLowerCase()))
    return `header "Host" must be one of ${own.join(', ')}, got "${host}"`;
  if (origin !== undefined && !own.some((name) => origin === `http://${name}`))
    return `header "Origin" must be this server's own, got "${origin}"`;
  return undefined;
}
