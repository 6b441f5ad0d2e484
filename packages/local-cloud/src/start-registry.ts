import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** The registry's place until the registry itself is here: it holds the address and has no image. */
export async function startRegistry(): Promise<{
  readonly host: string;
  readonly close: () => Promise<void>;
}> {
  const server = createServer((_, response) => {
    response.writeHead(404, { 'content-type': 'application/json' });
    response.end(
      JSON.stringify({ errors: [{ code: 'NAME_UNKNOWN', message: 'this registry holds nothing' }] }),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    host: `127.0.0.1:${port}`,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => {
          resolve();
        });
      }),
  };
}
