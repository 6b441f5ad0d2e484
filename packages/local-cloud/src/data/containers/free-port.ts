import { createSocket, type Socket } from 'node:dgram';
import { createServer } from 'node:net';

interface PortOptions {
  /** Never handed out. */
  readonly kept?: Iterable<number>;
  readonly random?: () => number;
  readonly lowest?: number;
  /** The first that is too high. */
  readonly beyond?: number;
}

export interface FreePorts {
  readonly take: () => Promise<number>;
  readonly giveBack: (port: number) => void;
}

/**
 * Hands out ports of 127.0.0.1 that nobody listens on, none twice until it is given back, be it by this process or by another one: between our look and the
 * container's listen a port is claimed by the UDP socket of the same number. The kernel gives each to one process alone, and free again however that ends.
 */
export function freePorts({ kept = [], random = Math.random, ...range }: PortOptions = {}): FreePorts {
  // Below the range from which systems take ports of outgoing connections (32768 on Linux, 49152 elsewhere): a port from there
  // can be taken by any client between our look and the container's listen.
  const { lowest = 20_000, beyond = 32_000 } = range;
  const size = beyond - lowest;
  const notOurs = new Set(kept);
  const claims = new Map<number, Socket>();
  return {
    take: async () => {
      // By chance, so that several local clouds on one machine do not run after each other's ports.
      const first = Math.floor(random() * size);
      for (let step = 0; step < size; step += 1) {
        const port = lowest + ((first + step) % size);
        const claim = notOurs.has(port) || claims.has(port) ? undefined : await claimed(port);
        if (claim === undefined) continue;
        if (await isFree(port)) {
          claims.set(port, claim);
          return port;
        }
        claim.close();
      }
      throw new Error(`expected a free port on 127.0.0.1 from ${lowest} to ${beyond - 1}, found none`);
    },
    giveBack: (port) => {
      claims.get(port)?.close();
      claims.delete(port);
    },
  };
}

/** Undefined when somebody else has it. */
function claimed(port: number): Promise<Socket | undefined> {
  return new Promise((resolve) => {
    const socket = createSocket('udp4').unref();
    socket.once('error', () => {
      socket.close();
      resolve(undefined);
    });
    socket.bind({ port, address: '127.0.0.1', exclusive: true }, () => {
      resolve(socket);
    });
  });
}

/** Whether nobody listens at a port of 127.0.0.1. */
export function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => {
      resolve(false);
    });
    server.listen({ port, host: '127.0.0.1', exclusive: true }, () => {
      server.close(() => {
        resolve(true);
      });
    });
  });
}
