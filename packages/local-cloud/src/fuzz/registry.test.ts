import { mkdtempDisposable, readdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { expect, test } from '@jest/globals';
import fc from 'fast-check';

import { startRegistry } from '../registry/index.ts';
import { registryRequest } from './test-registry-requests.ts';

test('2,000 fuzzed requests to the registry: none is answered 5xx, a refused one leaves nothing, and nothing leaves the folder', async () => {
  await using folder = await mkdtempDisposable(join(tmpdir(), 'fairlead-fuzz-'));
  const content = join(folder.path, 'registry');
  await using registry = await startRegistry({ folder: content });
  let before = await filesIn(content);

  await fc.assert(
    fc.asyncProperty(registryRequest, async ({ method, path, headers, body }) => {
      const answer = await fetch(`http://${registry.address}${path}`, {
        method,
        headers,
        ...(body === undefined ? {} : { body }),
      });
      await answer.arrayBuffer();
      const after = await filesIn(content);
      expect(answer.status).toBeLessThan(500);
      expect(after).toEqual(answer.status < 400 ? after : before);
      before = after;
    }),
    { numRuns: 2_000, seed: 4, endOnFailure: true },
  );

  expect(await readdir(folder.path)).toEqual(['registry']);
}, 60_000);

/** Bytes that an upload under way has brought are no content yet. */
async function filesIn(folder: string): Promise<readonly string[]> {
  const names = await readdir(folder, { recursive: true }).catch(() => []);
  return names.filter((name) => !name.startsWith('uploads')).toSorted();
}
