import { createServer, type RequestListener, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

import { healthOf, type Probe } from './health.ts';

export interface ServerOptions {
  /** Name of the Cloud Run service, as `/health` says it. */
  readonly service: string;
  /** Where to listen unless `PORT` says otherwise, as Cloud Run does. */
  readonly port: number;
  readonly handle: RequestListener;
  readonly dependencies?: Readonly<Record<string, Probe>>;
}

/** Serves `GET /health` and leaves every other request to `handle`. On SIGTERM running requests end before the process does. */
export function startServer({ service, port, handle, dependencies = {} }: ServerOptions): void {
  const server = createServer((request, response) => {
    if (request.url !== '/health') return handle(request, response);
    void healthOf(service, dependencies).then((health) => sendJson(response, 200, health));
  });

  process.once('SIGTERM', () => server.close(() => process.exit(0)));

  server.listen(Number(process.env.PORT ?? port), process.env.HOST ?? '0.0.0.0', () => {
    console.log(`${service} listens on port ${(server.address() as AddressInfo).port}`);
  });
}

export function sendJson(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}
