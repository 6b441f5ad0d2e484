import { expect, test } from '@jest/globals';

import { LATEST, REVISION } from './control/resources.ts';
import { serviceBody, testCloud } from './test-client.ts';

test('a service is reconciling at once and ready when its operation is done', async () => {
  await using t = await testCloud();

  const created = await t.call('POST', 'services?serviceId=web', serviceBody());
  const done = await t.call('POST', `${created.body.name?.split('/').slice(4).join('/') ?? ''}:wait`, {});

  expect(created.body.done).toBeUndefined();
  expect(created.body.metadata).toMatchObject({
    reconciling: true,
    terminalCondition: { type: 'Ready', state: 'CONDITION_RECONCILING' },
  });
  expect(done.body.response).toMatchObject({
    generation: '1',
    observedGeneration: '1',
    terminalCondition: { type: 'Ready', state: 'CONDITION_SUCCEEDED' },
    conditions: [
      { type: 'RoutesReady', state: 'CONDITION_SUCCEEDED' },
      { type: 'ConfigurationsReady', state: 'CONDITION_SUCCEEDED' },
    ],
    trafficStatuses: [{ type: LATEST, percent: 100 }],
  });
  expect(done.body.response?.reconciling).toBeUndefined();
});

test('a revision at 0 % answers on its tag URL alone', async () => {
  await using t = await testCloud();
  await t.write(
    'POST',
    'services?serviceId=web',
    serviceBody({
      template: { revision: 'web-one', containers: [{ image: 'localhost:5000/web' }] },
      traffic: [{ type: REVISION, revision: 'web-one', percent: 100 }],
    }),
  );

  const staged = await t.write('PATCH', 'services/web?updateMask=template,traffic', {
    template: { revision: 'web-two', containers: [{ image: 'localhost:5000/web:2' }] },
    traffic: [
      { type: REVISION, revision: 'web-one', percent: 100 },
      { type: REVISION, revision: 'web-two', tag: 'c-1234567' },
    ],
  });
  const service = staged.body.response;
  const tagged: unknown = await (await fetch(service?.trafficStatuses?.[1]?.uri ?? '')).json();
  const main: unknown = await (await fetch(service?.uri ?? '')).json();

  expect(tagged).toMatchObject({ revision: 'web-two' });
  expect(main).toMatchObject({ revision: 'web-one' });
});
