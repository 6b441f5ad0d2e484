import type { IncomingHttpHeaders } from 'node:http';

import { CloudError } from '../control/cloud-error.ts';

const LOOPBACK = ['127.0.0.1', 'localhost', '[::1]'];

/**
 * Refuses what a web page could send here: a name that resolves to loopback (DNS rebinding) shows in Host, a page's own address in Origin.
 */
export function checkOrigin({ host = '', origin }: IncomingHttpHeaders, port: number): void {
  const own = LOOPBACK.map((name) => `${name}:${port}`);
  if (!own.includes(host.toLowerCase()))
    throw refusal(`header "Host" must be one of ${own.join(', ')}, got "${host}"`);
  if (origin !== undefined && !own.some((name) => origin === `http://${name}`))
    throw refusal(`header "Origin" must be this server's own, got "${origin}"`);
}

function refusal(message: string): CloudError {
  return new CloudError('PERMISSION_DENIED', message);
}
