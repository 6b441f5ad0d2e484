import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';

import { freePorts } from './data/containers/free-port.ts';
import { type LocalCloudOptions, startLocalCloud } from './local-cloud.ts';

const none = { containers: 'none' } as const;

test.each([
  { name: 'port', what: 'the API' },
  { name: 'grpcPort', what: 'gRPC' },
  { name: 'registryPort', what: 'the registry' },
] as const)('a $name that is taken is said, and nothing is left open', async ({ name, what }) => {
  await using other = await startLocalCloud(none);
  const port = Number(new URL(other.url).port);

  const start = startLocalCloud({ ...none, [name]: port });

  await expect(start).rejects.toThrow(
    `port ${port} of 127.0.0.1, at which ${what} is to answer, is taken; end what listens there or choose another port`,
  );
});

test('the registry and gRPC answer at the ports that they were given', async () => {
  const ports = freePorts();
  const [registryPort, grpcPort] = [await ports.take(), await ports.take()];

  await using cloud = await startLocalCloud({ ...none, registryPort, grpcPort });

  expect(cloud.grpc).toBe(`127.0.0.1:${grpcPort}`);
  expect((await fetch(`http://127.0.0.1:${registryPort}/v2/`)).status).toBe(200);
});

describe('with a state file', () => {
  let folder: string;
  const kept = (): LocalCloudOptions => ({ ...none, state: join(folder, 'state') });
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'fairlead-ports-'));
  });
  afterEach(async () => {
    await rm(folder, { recursive: true });
  });

  test('the registry and gRPC are found again where they were', async () => {
    const before = await addresses(kept());

    expect(await addresses(kept())).toEqual(before);
  });

  test('what took their ports meanwhile does not keep the cloud from starting', async () => {
    const before = await addresses(kept());
    const taken = (address: string) => Number(new URL(`http://${address}`).port);
    await using other = await startLocalCloud({
      ...none,
      port: taken(before.registry),
      registryPort: taken(before.grpc),
    });

    const after = await addresses(kept());

    expect(other.registry).toBe(before.grpc);
    expect(after.registry).not.toBe(before.registry);
    expect(after.grpc).not.toBe(before.grpc);
  });
});

async function addresses(options: LocalCloudOptions) {
  await using cloud = await startLocalCloud(options);
  return { registry: cloud.registry, grpc: cloud.grpc };
}
