import type { Socket } from 'node:net';

import type { Sizes } from './caller.ts';

const before = new WeakMap<Socket, Sizes>();
const nothing: Sizes = { request: 0, response: 0 };

/** The bytes that came and went since this was last asked of the connection: those of one request where one follows the other. */
export function bytesSince(socket: Socket): Sizes {
  const { request, response } = before.get(socket) ?? nothing;
  const now = { request: socket.bytesRead, response: socket.bytesWritten };
  before.set(socket, now);
  return { request: now.request - request, response: now.response - response };
}
