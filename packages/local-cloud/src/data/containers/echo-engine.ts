import { createServer } from 'node:http';

import type { Engine, Exit, Instance, Launch } from './engine.ts';
import { idleInstance } from './idle-instance.ts';

/**
 * Starts no container at all: every revision is a small server in this process that answers 200 with its own name, every task ends with 0.
 * For work on the control plane and on traffic, where what the containers do does not matter.
 */
export function echoEngine(): Engine {
  return {
    start: (launch) => {
      if (launch.port !== undefined) return echo(launch, launch.port);
      return Promise.resolve(launch.isTask ? endedTask : idleInstance());
    },
    openFolders: (_instance, names) =>
      Promise.resolve({
        places: Object.fromEntries(names.map((name) => [name, name])),
        remove: () => Promise.resolve(),
      }),
    close: () => Promise.resolve(),
  };
}

const endedTask: Instance = {
  exited: Promise.resolve({ kind: 'exited', exitCode: 0 }),
  stop: () => Promise.resolve(),
};

function echo({ container }: Launch, port: number): Promise<Instance> {
  const { K_SERVICE: service = '', K_REVISION: revision = '', IMAGE_TAG: version = '' } = container.env;
  const server = createServer((request, response) => {
    const body = JSON.stringify({ status: 'healthy', service, version, revision, path: request.url });
    response.writeHead(200, {
      'Content-Type': 'application/json',
      'Content-Length': Buffer.byteLength(body),
    });
    response.end(body);
    request.resume();
  });
  const exited = new Promise<Exit>((resolve) => {
    server.once('close', () => {
      resolve({ kind: 'exited', exitCode: 0 });
    });
  });
  const stop = async () => {
    server.close();
    server.closeAllConnections();
    await exited;
  };
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      resolve({ exited, stop });
    });
  });
}
