import type { ServerHttp2Session } from 'node:http2';
import type { Socket } from 'node:net';

/** The connections of one listener, and which of them carry a request now. */
export class OpenConnections {
  readonly #sockets = new Set<Socket>();
  readonly #busy = new Set<Socket>();
  readonly #sessions = new Set<ServerHttp2Session>();
  #isEnding = false;

  add(socket: Socket): void {
    this.#sockets.add(socket);
    socket.once('close', () => {
      this.#sockets.delete(socket);
      this.#busy.delete(socket);
    });
  }

  /** A session ends by itself when it is told to, after its last stream. */
  addSession(session: ServerHttp2Session): void {
    this.#sessions.add(session);
    this.isBusy(session.socket);
    session.once('close', () => this.#sessions.delete(session));
  }

  isBusy(socket: Socket): void {
    this.#busy.add(socket);
  }

  isIdle(socket: Socket): void {
    this.#busy.delete(socket);
    if (this.#isEnding) socket.end();
  }

  /** Ends what idles now, and everything else when its request has ended. */
  endIdle(): void {
    this.#isEnding = true;
    for (const session of this.#sessions) session.close();
    for (const socket of this.#sockets) if (!this.#busy.has(socket)) socket.destroy();
  }

  cut(): void {
    for (const socket of this.#sockets) socket.destroy();
  }
}
