import { mkdtempDisposable, readdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { expect, test } from '@jest/globals';
import fc from 'fast-check';

import { type FuzzedRequest, fuzzedRequest } from './test-requests.ts';
import { openTarget } from './test-target.ts';

const seed = Number(process.env['SEED'] ?? 4);

test('10,000 fuzzed requests: each has an answer that is no defect, and a refused one changes nothing', async () => {
  await using folder = await mkdtempDisposable(join(tmpdir(), 'fairlead-fuzz-'));
  await using target = await openTarget(join(folder.path, 'state'));

  await fc.assert(
    fc.asyncProperty(fuzzedRequest, async (request) => {
      expect(await target.send(request)).toEqual(
        expect.objectContaining({ defect: false, changed: 'as it may' }),
      );
    }),
    { numRuns: 10_000, seed, endOnFailure: true, reporter: say },
  );

  expect(target.defects).toEqual([]);
  expect({}).not.toHaveProperty('polluted');
  expect(['state', 'state.content', 'state.lock']).toEqual(
    expect.arrayContaining(await readdir(folder.path)),
  );
}, 120_000);

/** Throws what is enough to see the request and to find it again, and not the megabytes that it may have had. */
function say(run: fc.RunDetails<[FuzzedRequest]>): void {
  const [request] = run.counterexample ?? [];
  if (!run.failed || request === undefined) return;
  const { method, path, headers, body } = request;
  const shown = `${method} ${path} ${JSON.stringify(headers)} ${body.slice(0, 1_000)} (${body.length} characters)`;
  const thrown = run.errorInstance instanceof Error ? run.errorInstance.message : String(run.errorInstance);
  throw new Error(`request ${run.numRuns} with seed ${run.seed}: ${shown}\n${thrown}`);
}
