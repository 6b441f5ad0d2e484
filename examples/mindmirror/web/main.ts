import { readFileSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';

import { sendJson, startServer } from '../src/shared/server.ts';

const page = readFileSync(new URL('index.html', import.meta.url));

startServer({
  service: 'web-app',
  port: 3000,
  // The gateway is no dependency: the page is served without it, and says so itself.
  handle: (request, response) =>
    void (request.method === 'POST' ? query(request, response) : servePage(response)),
});

function servePage(response: ServerResponse): void {
  response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' }).end(page);
}

/** Hands the browser's query to the gateway, so that the browser needs one origin only. */
async function query(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const gateway = process.env.GATEWAY_URL;
  if (gateway === undefined)
    return sendJson(response, 503, { errors: [{ message: 'GATEWAY_URL is not set' }] });

  try {
    const answer = await fetch(gateway, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: await text(request),
      signal: AbortSignal.timeout(10_000),
    });
    sendJson(response, answer.status, await answer.json());
  } catch (error) {
    sendJson(response, 502, { errors: [{ message: `the gateway did not answer: ${String(error)}` }] });
  }
}
