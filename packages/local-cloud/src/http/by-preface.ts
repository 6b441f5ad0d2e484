import type { Server } from 'node:http';
import type { Socket } from 'node:net';

/** Every HTTP/2 connection begins with `PRI * HTTP/2.0`; no method of HTTP/1 begins so. */
const PREFACE = 'PRI';

/**
 * Has the server's HTTP/2 connections (without TLS, known beforehand) served by another, and all others by itself. Returns what ends the
 * connections that have said nothing yet, which the server does not know of.
 */
export function handOverHttp2(server: Server, adopt: (socket: Socket) => void): () => void {
  const silent = new Set<Socket>();
  const serveHere = server.listeners('connection') as ((socket: Socket) => void)[];
  server.removeAllListeners('connection');
  server.on('connection', (socket: Socket) => {
    silent.add(socket);
    const forget = () => silent.delete(socket);
    const drop = () => socket.destroy();
    socket.once('close', forget).once('error', drop);
    firstBytes(socket, (isHttp2) => {
      forget();
      socket.off('close', forget).off('error', drop);
      for (const serve of isHttp2 ? [adopt] : serveHere) serve.call(server, socket);
    });
  });
  return () => {
    for (const socket of silent) socket.destroy();
  };
}

function firstBytes(socket: Socket, decide: (isHttp2: boolean) => void): void {
  socket.once('readable', () => {
    const chunk: unknown = socket.read();
    if (!Buffer.isBuffer(chunk)) {
      socket.destroy();
      return;
    }
    socket.unshift(chunk);
    const start = chunk.toString('latin1', 0, PREFACE.length);
    if (start.length < PREFACE.length && PREFACE.startsWith(start)) firstBytes(socket, decide);
    else decide(start === PREFACE);
  });
}
