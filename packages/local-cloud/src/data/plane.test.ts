import { describe, expect, test } from '@jest/globals';

import type { DataPlane, RevisionSpec } from '../data-plane.ts';
import { type DataPlaneOptions, echoDataPlane, seededRandom } from './index.ts';

const service = 'projects/p/locations/us-central1/services/web';

function revision(name: string): RevisionSpec {
  return {
    name: `${service}/revisions/${name}`,
    service,
    image: '127.0.0.1:1/p/web@sha256:0',
    command: [],
    args: [],
    env: { IMAGE_TAG: `main-${name}` },
    files: {},
    port: 8080,
    healthCheckDisabled: false,
    minInstances: 0,
    maxInstances: 1,
    concurrency: 80,
    timeoutSeconds: 5,
    h2c: false,
  };
}

async function planeWith(
  names: readonly string[],
  options: Partial<DataPlaneOptions> = {},
): Promise<DataPlane & AsyncDisposable> {
  const plane = await echoDataPlane({ id: 'test', ...options });
  await Promise.all(names.map((name) => plane.startRevision(revision(name))));
  return Object.assign(plane, { [Symbol.asyncDispose]: plane.close });
}

async function answering(url: string, headers: Record<string, string> = {}): Promise<string> {
  const response = await fetch(url, { headers });
  const body = (await response.json()) as { revision: string };
  return body.revision;
}

describe('traffic', () => {
  test('10,000 requests across many changes of routes are all answered, at the shares that the routes name', async () => {
    await using plane = await planeWith(['web-1', 'web-2', 'web-3'], { random: seededRandom(7), idleMs: 5 });
    const shares = [
      [100, 0, 0],
      [50, 50, 0],
      [0, 100, 0],
      [0, 20, 80],
      [0, 0, 100],
      [34, 33, 33],
    ];
    const { url } = await plane.setRoutes(service, {
      targets: [{ revision: 'web-1', percent: 100 }],
      tags: [],
    });

    const counts: Record<string, number> = {};
    let sent = 0;
    const client = async () => {
      while (sent < 10_000) {
        sent += 1;
        const name = await answering(url);
        counts[name] = (counts[name] ?? 0) + 1;
      }
    };
    const changes = async () => {
      for (let change = 0; sent < 10_000; change += 1) {
        const [first = 0, second = 0, third = 0] = shares[change % shares.length] ?? [];
        await plane.setRoutes(service, {
          targets: [
            { revision: 'web-1', percent: first },
            { revision: 'web-2', percent: second },
            { revision: 'web-3', percent: third },
          ],
          tags: [{ tag: `c-${change % 3}`, revision: 'web-1' }],
        });
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
      return shares.length;
    };
    const started = performance.now();
    await Promise.all([...Array.from({ length: 16 }, client), changes()]);
    console.log(performance.now() - started, counts);
    expect(Object.values(counts).reduce((a, b) => a + b, 0)).toBeGreaterThanOrEqual(10_000);
  });
});
