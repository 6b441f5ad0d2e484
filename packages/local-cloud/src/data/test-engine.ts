import type { Server as TcpServer } from 'node:net';

import type { DataPlane, RevisionSpec } from '../data-plane.ts';
import type { Engine, Exit, Instance, Launch } from './containers/engine.ts';
import { dataPlaneOver, type DataPlaneOptions } from './plane.ts';
import { testId } from './test-bench.ts';
import { revisionSpec, service } from './test-specs.ts';

/** What stands in for a container: anything that listens at the port until it is closed. */
export type Program = (port: number, launch: Launch) => Served | Promise<Served>;

interface Served {
  readonly server: TcpServer;
  /** Ends the connections that are open. */
  readonly cut?: () => void;
}

export interface TestEngine extends Engine {
  /** Every instance ever started, oldest first. */
  readonly launches: readonly Launch[];
  /** Ends an instance as a container that exits by itself. */
  readonly kill: (index: number, exit?: Exit) => void;
}

/** Runs "containers" as servers of this process, so that a test can speak every protocol to them and end them when it likes. */
export function testEngine(program: Program): TestEngine {
  const launches: Launch[] = [];
  const ends: ((exit: Exit) => void)[] = [];
  return {
    launches,
    kill: (index, exit = { kind: 'exited', exitCode: 1 }) => ends[index]?.(exit),
    start: async (launch) => {
      const { server, cut } = await program(launch.port ?? 0, launch);
      launches.push(launch);
      const instance = instanceOf(server, cut);
      ends.push(instance.end);
      return instance;
    },
    openFolders: (_instance, names) =>
      Promise.resolve({
        places: Object.fromEntries(names.map((name) => [name, `/shared/${name}`])),
        remove: () => Promise.resolve(),
      }),
    close: () => Promise.resolve(),
  };
}

function instanceOf(server: TcpServer, cut?: () => void): Instance & { readonly end: (exit: Exit) => void } {
  let end: (exit: Exit) => void = () => undefined;
  const exited = new Promise<Exit>((resolve) => {
    end = (exit) => {
      server.close();
      cut?.();
      resolve(exit);
    };
  });
  return {
    exited,
    end: (exit) => {
      end(exit);
    },
    stop: async () => {
      end({ kind: 'signalled', signal: 'SIGTERM' });
      await exited;
    },
  };
}

export function listening<T extends TcpServer>(server: T, port: number): Promise<T> {
  return new Promise((resolve) => {
    server.listen(port, '127.0.0.1', () => {
      resolve(server);
    });
  });
}

export interface Bench extends AsyncDisposable {
  readonly plane: DataPlane;
  readonly engine: TestEngine;
  readonly url: string;
}

/** The revision `web-1` of this program with all the traffic. */
export async function serving(
  program: Program,
  {
    spec = {},
    options = {},
  }: { readonly spec?: Partial<RevisionSpec>; readonly options?: Partial<DataPlaneOptions> } = {},
): Promise<Bench> {
  const engine = testEngine(program);
  const plane = await dataPlaneOver(engine, { id: testId, settleMs: 0, ...options });
  await plane.startRevision(revisionSpec('', { maxInstances: 10, timeoutSeconds: 60, ...spec }));
  const { url } = await plane.setRoutes(service, {
    targets: [{ revision: 'web-1', percent: 100 }],
    tags: [],
  });
  return { plane, engine, url, [Symbol.asyncDispose]: plane.close };
}
