import { createServer } from 'node:net';

/** A port of the loopback address that nobody listens on now: the preferred one where it is free. */
export async function freePort(preferred = 0): Promise<number> {
  const port = (await listenedOn(preferred)) ?? (await listenedOn(0));
  if (port === undefined) throw new Error('no port of 127.0.0.1 can be listened on');
  return port;
}

function listenedOn(port: number): Promise<number | undefined> {
  const server = createServer();
  return new Promise((resolve) => {
    server.once('error', () => resolve(undefined));
    server.listen(port, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(address === null || typeof address === 'string' ? undefined : address.port));
    });
  });
}
