import { once } from 'node:events';
import { connect } from 'node:net';

/** Throws unless something listens where DATABASE_URL points. */
export async function reachDatabase(): Promise<void> {
  const url = process.env.DATABASE_URL;
  if (url === undefined) throw new Error('DATABASE_URL is not set');

  const { hostname, port } = new URL(url);
  const socket = connect(Number(port || 5432), hostname);
  try {
    await once(socket, 'connect');
  } finally {
    socket.destroy();
  }
}
