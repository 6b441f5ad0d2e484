import { request } from 'node:http';
import { connect } from 'node:net';

/** For tests: the status of a request with headers that `fetch` would not send. */
export function statusOf(
  url: string,
  headers: Readonly<Record<string, string>>,
  method = 'GET',
): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const asked = request(url, { headers, method }, (response) => {
      response.resume();
      resolve(response.statusCode);
    });
    asked.once('error', reject);
    asked.end();
  });
}

/** For tests: everything that a server says to bytes as they are, until it or the time ends the connection. */
export function saidTo(url: string, bytes: string | Buffer, { waitMs = 5_000 } = {}): Promise<string> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve) => {
    const socket = connect(Number(port), hostname);
    const said: Buffer[] = [];
    const end = () => {
      clearTimeout(timer);
      socket.destroy();
      resolve(Buffer.concat(said).toString());
    };
    const timer = setTimeout(end, waitMs);
    socket.on('data', (chunk: Buffer) => said.push(chunk));
    socket.on('error', end);
    socket.on('close', end);
    socket.write(bytes);
  });
}
