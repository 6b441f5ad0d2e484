import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

import { forward, refuse } from './forward.ts';
import type { Revision } from './revision.ts';
import { forwardUpgrade } from './upgrade.ts';

/** A port of 127.0.0.1 whose requests go where `choose` says at that moment. */
export interface Listener {
  readonly url: string;
  /** New connections are refused; resolves when the requests in flight have ended. */
  readonly close: () => Promise<void>;
  /** The same, cutting off what is in flight. */
  readonly cut: () => Promise<void>;
}

/** A free port unless told. */
export async function listen(
  choose: (request: IncomingMessage) => Revision | undefined,
  port = 0,
): Promise<Listener> {
  const server = createServer((request, response) => {
    const revision = choose(request);
    if (revision === undefined) refuse(response, 404, nothingHere);
    else void forward(request, response, revision);
  });
  server.on('upgrade', (request, socket, head) => {
    const revision = choose(request);
    if (revision === undefined)
      socket.end(`HTTP/1.1 404 Not Found\r\nConnection: close\r\n\r\n${nothingHere}\n`);
    else void forwardUpgrade(request, socket, { head, revision });
  });
  // As Cloud Run: a request may take an hour, and idle connections outlive the clients' own limits, so that it is the client who closes.
  server.requestTimeout = 0;
  server.keepAliveTimeout = 620_000;
  const url = await listening(server, port);
  const closed = () =>
    new Promise<void>((resolve) => {
      server.close(() => {
        resolve();
      });
      server.closeIdleConnections();
    });
  return {
    url,
    close: closed,
    cut: () => {
      const done = closed();
      server.closeAllConnections();
      return done;
    },
  };
}

const nothingHere = 'Page not found: no revision has traffic at this address';

function listening(server: Server, wanted: number): Promise<string> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(wanted, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      resolve(`http://127.0.0.1:${port}`);
    });
  });
}
