import { poll, systemClock } from '@fairlead/action-kit';
import { expect, test } from '@jest/globals';

import { serviceBody, type TestCloud, testCloud } from './test-client.ts';

async function served(t: TestCloud, changes: object = {}): Promise<string> {
  const created = await t.write('POST', 'services?serviceId=web', { ...serviceBody(), ...changes });
  return created.body.response?.uri ?? '';
}

function granting(...members: readonly string[]) {
  return { policy: { bindings: [{ role: 'roles/run.invoker', members }] } };
}

function token(audience: string): Record<string, string> {
  const claims = { aud: audience, exp: Math.floor(Date.now() / 1_000) + 60 };
  const payload = Buffer.from(JSON.stringify(claims)).toString('base64url');
  return { Authorization: `Bearer e30.${payload}.x` };
}

test('(25) a service is open until a policy leaves everybody out, and open again when one lets everybody in', async () => {
  await using t = await testCloud();
  const uri = await served(t);
  const open = await fetch(uri);

  await t.call('POST', 'services/web:setIamPolicy', granting('serviceAccount:ci@p.iam.gserviceaccount.com'));
  await t.cloud.idle();
  const refused = await fetch(uri);
  const withToken = await fetch(uri, { headers: token(uri) });
  await t.call('POST', 'services/web:setIamPolicy', granting('allUsers'));
  await t.cloud.idle();
  const openAgain = await fetch(uri);

  expect([open, refused, withToken, openAgain].map(({ status }) => status)).toEqual([200, 403, 200, 200]);
});

test('(25) with enforceInvoker a service is private until it says otherwise', async () => {
  await using t = await testCloud({ enforceInvoker: true });
  const uri = await served(t);
  const refused = await fetch(uri);

  await t.write('PATCH', 'services/web?updateMask=invokerIamDisabled', { invokerIamDisabled: true });

  expect([refused.status, (await fetch(uri)).status]).toEqual([403, 200]);
});

test('a custom audience lets its tokens in', async () => {
  await using t = await testCloud({ enforceInvoker: true });
  const uri = await served(t, { customAudiences: ['https://api.example.com'] });

  const answer = await fetch(uri, { headers: token('https://api.example.com') });

  expect(answer.status).toBe(200);
});

test('a service with internal ingress is not found from outside', async () => {
  await using t = await testCloud();
  const uri = await served(t, { ingress: 'INGRESS_TRAFFIC_INTERNAL_ONLY' });

  const answers = await Promise.all([
    fetch(uri),
    fetch(uri, { headers: { 'X-Local-Cloud-Internal': 'true' } }),
  ]);

  expect(answers.map(({ status }) => status)).toEqual([404, 200]);
});

test('a minimum of instances of the service as a whole is warm without a new revision', async () => {
  await using t = await testCloud();
  await served(t);

  await t.write('PATCH', 'services/web?updateMask=scaling', { scaling: { minInstanceCount: 2 } });

  await expect(instancesOf(t, 2)).resolves.toBe(2);
  expect((await t.call('GET', 'services/web/revisions')).body.revisions).toHaveLength(1);
});

async function instancesOf(t: TestCloud, wanted: number): Promise<number> {
  const looked = await poll<number>(
    async () => {
      const { revisions } = (await (await fetch(`${t.cloud.url}/-/stats`)).json()) as {
        readonly revisions: readonly { readonly instances: number }[];
      };
      const value = revisions[0]?.instances ?? 0;
      return value === wanted ? { kind: 'done', value } : { kind: 'again' };
    },
    { clock: systemClock, intervalMs: 20, deadlineMs: 5_000 },
  );
  return looked.kind === 'done' ? looked.value : 0;
}

test('a verifier of tokens decides in place of audience and expiry', async () => {
  await using t = await testCloud({
    enforceInvoker: true,
    verifyToken: (given) => (given === 'ours' ? { kind: 'valid' } : { kind: 'invalid', because: 'not ours' }),
  });
  const uri = await served(t);

  const answers = await Promise.all(
    [{ Authorization: 'Bearer ours' }, token(uri)].map((headers) => fetch(uri, { headers })),
  );

  expect(answers.map(({ status }) => status)).toEqual([200, 401]);
});
