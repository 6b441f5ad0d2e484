import { createServer, type Server } from 'node:http';

import {
  type sendUnaryData,
  Server as GrpcServer,
  ServerCredentials,
  type ServerUnaryCall,
} from '@grpc/grpc-js';
import { describe, expect, test } from '@jest/globals';

import type { ProbeSpec } from '../../data-plane.ts';
import { type DataPlaneOptions, dataPlaneOver } from '../plane.ts';
import { logWatch } from '../test-log.ts';
import { listening, type Program, serving, testEngine } from '../test-engine.ts';
import { revisionSpec, service } from '../test-specs.ts';

// Time enough for a machine that is busy with other tests.
const steady = { periodSeconds: 1, failureThreshold: 2 };
const quick = { periodSeconds: 0.25, failureThreshold: 2 };

/** Answers `/healthz` with what `health` says at that moment, and everything else with its instance. */
function withHealth(health: (instance: string) => number): Program {
  return async (port, launch) => {
    const server: Server = createServer((request, response) => {
      if (request.url === '/healthz') response.writeHead(health(launch.id)).end();
      else response.end(launch.id);
    });
    await listening(server, port);
    return {
      server,
      cut: () => {
        server.closeAllConnections();
      },
    };
  };
}

const nothing: Program = () => ({ server: createServer() });

async function starting(
  program: Program,
  spec: Parameters<typeof revisionSpec>[1],
  options: Partial<DataPlaneOptions> = {},
) {
  const plane = await dataPlaneOver(testEngine(program), { id: 'test', settleMs: 0, ...options });
  const outcome = await plane.startRevision(revisionSpec('', spec));
  const lines = plane.logs({ revision: revisionSpec('').name }).map(({ text }) => text);
  await plane.close();
  return { outcome, lines };
}

/** A container that says of itself what `status` is, by gRPC's own health protocol. */
function grpcHealth(status: (name: string) => number): Program {
  const check = {
    path: '/grpc.health.v1.Health/Check',
    requestStream: false,
    responseStream: false,
    requestSerialize: (value: Buffer) => value,
    requestDeserialize: (value: Buffer) => ({ name: value.subarray(2).toString() }),
    responseSerialize: (value: number) => Buffer.from([0x08, value]),
    responseDeserialize: (value: Buffer) => value,
  } as const;
  return async (port) => {
    const server = new GrpcServer();
    server.addService(
      { check },
      {
        check: (call: ServerUnaryCall<{ readonly name: string }, number>, answer: sendUnaryData<number>) => {
          answer(null, status(call.request.name));
        },
      },
    );
    await new Promise((resolve) => {
      server.bindAsync(`127.0.0.1:${port}`, ServerCredentials.createInsecure(), resolve);
    });
    return {
      server: createServer(),
      cut: () => {
        server.forceShutdown();
      },
    };
  };
}

describe('a startup probe', () => {
  test('of any kind is passed as soon as the container is ready', async () => {
    const probes: readonly ProbeSpec[] = [
      { kind: 'tcp', ...steady },
      { kind: 'http', path: '/healthz', ...steady },
    ];

    const outcomes = await Promise.all(
      probes.map((startupProbe) =>
        starting(
          withHealth(() => 204),
          { startupProbe },
        ),
      ),
    );

    expect(outcomes.map(({ outcome }) => outcome)).toEqual([{ kind: 'ready' }, { kind: 'ready' }]);
    expect(outcomes[1]?.lines).toContain(
      'STARTUP HTTP probe succeeded after 1 attempt for container "web-1" on port 8080 path "/healthz".',
    );
  });

  test.each<[string, (name: string) => number, string]>([
    ['passes when the service is serving', (name) => (name === 'db' ? 1 : 2), 'ready'],
    ['fails when it is not', () => 2, 'failed'],
  ])('over gRPC %s', async (_name, status, kind) => {
    const startupProbe: ProbeSpec = { kind: 'grpc', service: 'db', periodSeconds: 5, failureThreshold: 1 };

    const { outcome } = await starting(grpcHealth(status), { startupProbe, h2c: true });

    expect(outcome.kind).toBe(kind);
  });

  test('that fails is told in the words of Cloud Run', async () => {
    const startupProbe: ProbeSpec = { kind: 'http', path: '/healthz', ...quick };

    const { outcome, lines } = await starting(
      withHealth(() => 503),
      { startupProbe },
    );

    expect(outcome).toEqual({
      kind: 'failed',
      reason: 'HEALTH_CHECK_CONTAINER_ERROR',
      message:
        'The user-provided container failed the configured startup probe checks. GET /healthz answered 503.',
    });
    expect(lines).toContain(
      'STARTUP HTTP probe failed 2 times consecutively for container "web-1" on port 8080 path "/healthz". The instance was not started.',
    );
  });

  test('waits its initial delay before it asks', async () => {
    const asked: number[] = [];
    const program = withHealth(() => asked.push(performance.now()) && 200);
    const before = performance.now();

    await starting(program, {
      startupProbe: { kind: 'http', path: '/healthz', initialDelaySeconds: 0.2, ...quick },
    });

    expect((asked[0] ?? 0) - before).toBeGreaterThanOrEqual(190);
  });

  test('by default gives a container 240 s to listen, by the clock', async () => {
    let now = 0;
    const clock = {
      now: () => now,
      sleep: (ms: number, signal?: AbortSignal) => {
        signal?.throwIfAborted();
        now += ms * 1_000;
        return new Promise<void>((resolve) => {
          setImmediate(resolve);
        });
      },
    };

    const { outcome, lines } = await starting(nothing, {}, { clock });

    expect(now).toBeGreaterThanOrEqual(215_000);
    expect(outcome).toMatchObject({
      message: expect.stringMatching(
        /^The user-provided container failed to start and listen on the port defined provided by the PORT=8080 environment variable within the allocated timeout\./,
      ),
    });
    expect(lines).toContain(
      'Default STARTUP TCP probe failed 1 time consecutively for container "web-1" on port 8080. The instance was not started.',
    );
  });

  test('that fails leaves the revision before it serving', async () => {
    let isBroken = false;
    const program: Program = (port, launch) =>
      isBroken ? nothing(port, launch) : withHealth(() => 200)(port, launch);
    await using at = await serving(program);
    isBroken = true;

    const outcome = await at.plane.startRevision(
      revisionSpec('', {
        name: `${service}/revisions/web-2`,
        startupProbe: { kind: 'tcp', periodSeconds: 0.05, failureThreshold: 1 },
      }),
    );

    expect(outcome.kind).toBe('failed');
    expect((await fetch(at.url)).status).toBe(200);
    expect(at.plane.stats(`${service}/revisions/web-2`)).toMatchObject({ instances: 0, requests: 0 });
  });
});

describe('a liveness probe', () => {
  test('that fails shuts its instance down, and another one takes over', async () => {
    const log = logWatch();
    const sick = new Set<string>();
    const program = withHealth((instance) => (sick.has(instance) ? 500 : 200));
    await using at = await serving(program, {
      spec: { minInstances: 1, livenessProbe: { kind: 'http', path: '/healthz', ...steady } },
      options: { onLog: log.onLog },
    });
    const first = await (await fetch(at.url)).text();

    sick.add(first);
    await log.line(
      /LIVENESS HTTP probe failed 2 times consecutively for container "web-1" on port 8080 path "\/healthz"\. The instance has been shut down\./,
    );
    const second = await (await fetch(at.url)).text();

    expect(second).not.toBe(first);
    expect(at.engine.launches.map(({ id }) => id)).toEqual([first, second]);
  });
});

describe('a readiness probe', () => {
  test('that fails keeps requests from its instance until it passes again', async () => {
    const log = logWatch();
    const resting = new Set<string>();
    const program = withHealth((instance) => (resting.has(instance) ? 503 : 200));
    await using at = await serving(program, {
      spec: {
        minInstances: 2,
        readinessProbe: { kind: 'http', path: '/healthz', ...steady, failureThreshold: 1 },
      },
      options: { onLog: log.onLog },
    });
    const first = await (await fetch(at.url)).text();

    resting.add(first);
    await log.line(/READINESS HTTP probe failed 1 time consecutively/);
    const meanwhile = await (await fetch(at.url)).text();
    resting.clear();
    await log.line(/READINESS HTTP probe succeeded/);

    expect(meanwhile).not.toBe(first);
    expect(await (await fetch(at.url)).text()).toBe(first);
    expect(at.engine.launches).toHaveLength(2);
  });
});
