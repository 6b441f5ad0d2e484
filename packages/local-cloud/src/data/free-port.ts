import { createServer } from 'node:net';

// Below the range from which systems take ports of outgoing connections (32768 on Linux, 49152 elsewhere): a port from there
// can be taken by any client between our look and the container's listen.
const lowest = 20_000;
const highest = 32_000;

/** Hands out ports of 127.0.0.1 that nobody listens on, none that is `kept`; none twice until it is given back. */
export function freePorts(kept: Iterable<number> = [], random: () => number = Math.random): FreePorts {
  const taken = new Set<number>(kept);
  return {
    take: async () => {
      for (let tries = lowest; tries < highest; tries += 1) {
        // By chance, so that several local clouds on one machine do not run after each other's ports.
        const port = lowest + Math.floor(random() * (highest - lowest));
        if (taken.has(port)) continue;
        taken.add(port);
        if (await isFree(port)) return port;
        taken.delete(port);
      }
      throw new Error(`expected a free port on 127.0.0.1 from ${lowest} to ${highest - 1}, found none`);
    },
    giveBack: (port) => {
      taken.delete(port);
    },
  };
}

export interface FreePorts {
  readonly take: () => Promise<number>;
  readonly giveBack: (port: number) => void;
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
