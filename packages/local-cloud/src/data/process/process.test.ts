import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { describe, expect, test } from '@jest/globals';

import type { DataPlane, RevisionSpec, TaskSpec } from '../../data-plane.ts';
import { type DataPlaneOptions, processDataPlane } from '../index.ts';
import { type LayerFile, type TestImage, type TestRegistry, testRegistry } from '../test-registry.ts';

const service = 'projects/p/locations/us-central1/services/web';

function revision(image: string, changes: Partial<RevisionSpec> = {}): RevisionSpec {
  return {
    name: `${service}/revisions/web-1`,
    service,
    image,
    command: [],
    args: [],
    env: {},
    files: {},
    port: 8080,
    healthCheckDisabled: false,
    minInstances: 0,
    maxInstances: 1,
    concurrency: 80,
    timeoutSeconds: 5,
    h2c: false,
    ...changes,
  };
}

function task(image: string, changes: Partial<TaskSpec> = {}): TaskSpec {
  return {
    id: 'migrate-abcde-0-0',
    execution: 'projects/p/locations/us-central1/jobs/migrate/executions/migrate-abcde',
    job: 'projects/p/locations/us-central1/jobs/migrate',
    taskIndex: 0,
    attempt: 0,
    taskCount: 1,
    image,
    command: [],
    args: [],
    env: {},
    files: {},
    timeoutSeconds: 20,
    ...changes,
  };
}

interface Bench extends AsyncDisposable {
  readonly plane: DataPlane;
  readonly registry: TestRegistry;
  readonly cacheFolder: string;
  /** An image whose `/app/main.mjs` is this program. */
  readonly program: (source: string, files?: Record<string, LayerFile>) => Promise<string>;
}

async function bench(options: Partial<DataPlaneOptions> = {}): Promise<Bench> {
  const registry = await testRegistry();
  const cacheFolder = await mkdtemp(join(tmpdir(), 'fairlead-images-'));
  const plane = await processDataPlane({ id: `test-${process.pid}`, cacheFolder, graceMs: 500, ...options });
  return {
    plane,
    registry,
    cacheFolder,
    program: (source, files = {}) => registry.add('web', nodeImage({ 'app/main.mjs': source, ...files })),
    [Symbol.asyncDispose]: async () => {
      await plane.close();
      await registry[Symbol.asyncDispose]();
      await rm(cacheFolder, { recursive: true });
    },
  };
}

function nodeImage(files: Record<string, LayerFile>): TestImage {
  return {
    layers: [files],
    config: {
      Entrypoint: ['/usr/local/bin/node', '/app/main.mjs'],
      Env: ['FROM_IMAGE=yes'],
      WorkingDir: '/app',
    },
  };
}

function textsOf(plane: DataPlane): string[] {
  return plane.logs({ revision: `${service}/revisions/web-1` }).map(({ text }) => text);
}

const answersEnv = `
  import { createServer } from 'node:http';
  createServer((request, response) => response.end(JSON.stringify(process.env))).listen(process.env.PORT, '127.0.0.1');
`;

test('a revision runs with what Cloud Run tells its container, and with its own values', async () => {
  await using at = await bench();
  const image = await at.program(answersEnv);

  const outcome = await at.plane.startRevision(revision(image, { env: { GREETING: 'hello' } }));
  const { url } = await at.plane.setRoutes(service, {
    targets: [{ revision: 'web-1', percent: 100 }],
    tags: [],
  });
  const env: unknown = await (await fetch(url)).json();

  expect(outcome).toEqual({ kind: 'ready' });
  expect(env).toMatchObject({
    K_SERVICE: 'web',
    K_REVISION: 'web-1',
    K_CONFIGURATION: 'web',
    PORT: expect.stringMatching(/^\d+$/),
    GREETING: 'hello',
    FROM_IMAGE: 'yes',
  });
});
