import { expect, test } from '@jest/globals';
import fc from 'fast-check';

import { put, messageOf } from './mapping.ts';
import { oddMessage } from './test-messages.ts';
import { knativeJob, knativeService, testV1 } from './test-v1.ts';

const RUNS = { numRuns: 100 };

test.each([
  ['Service', 'POST', 'serving/services'],
  ['Service', 'PUT', 'serving/services/web'],
  ['Job', 'POST', 'run/jobs'],
  ['Job', 'PUT', 'run/jobs/migrate'],
  ['RunJobRequest', 'POST', 'run/jobs/migrate:run'],
])(
  'no %s makes %s %s fail with a 500, and a refused one changes nothing',
  async (type, method, path) => {
    await using t = await testV1();
    await t.v1('POST', 'serving/services', knativeService('web'));
    await t.v1('POST', 'run/jobs', knativeJob('migrate'));
    await t.cloud.idle();
    const state = async () => [await t.call('GET', 'services'), await t.call('GET', 'jobs')];

    await fc.assert(
      fc.asyncProperty(oddMessage(type), fc.boolean(), async (odd, isNamed) => {
        const name = path.startsWith('serving') ? 'web' : 'migrate';
        const body = isNamed ? put(messageOf(odd), ['metadata'], { name }) : odd;
        const before = await state();

        const { status } = await t.v1(method, path, body);

        expect(status).toBeLessThan(500);
        await t.cloud.idle();
        expect([status < 400, await state()]).toEqual([
          status < 400,
          status < 400 ? expect.anything() : before,
        ]);
      }),
      RUNS,
    );
  },
  120_000,
);

test.each([
  '/apis/serving.knative.dev/v1/namespaces/p/services/..%2f..%2fjobs',
  '/apis/serving.knative.dev/v1/namespaces/..%2f..%2fq/services',
  '/apis/serving.knative.dev/v1/namespaces/p/services?limit=-1',
  '/apis/serving.knative.dev/v1/namespaces/p/services?limit=x',
  '/apis/serving.knative.dev/v1/namespaces/p/services?continue=nonsense',
  '/apis/serving.knative.dev/v1/namespaces/p/services?labelSelector=a%20b%20c',
  '/apis/serving.knative.dev/v1/namespaces/p/nothing',
  '/apis/serving.knative.dev/v1alpha1/namespaces/p/services',
  '/v1/projects/p/locations/r/operations/nope',
])('GET %s is refused as a mistake of the caller', async (path) => {
  await using t = await testV1();

  const { status } = await t.at('GET', path);

  expect(status).toBeGreaterThanOrEqual(400);
  expect(status).toBeLessThan(500);
});
