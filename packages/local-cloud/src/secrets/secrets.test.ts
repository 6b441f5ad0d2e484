import { describe, expect, test } from '@jest/globals';

import { callApi } from '../test-api.ts';
import { testCloud } from '../test-client.ts';

const MANAGER = 'google.cloud.secretmanager.v1';
const SECRETS = '/v1/projects/p/secrets';

async function secretManager() {
  const t = await testCloud();
  const get = (path: string, answers: string) =>
    callApi(t.cloud, { path: `${SECRETS}${path}`, answers: `${MANAGER}.${answers}` });
  const post = (path: string, body: unknown, answers: string) =>
    callApi(t.cloud, { method: 'POST', path: `${SECRETS}${path}`, body, answers: `${MANAGER}.${answers}` });
  return {
    ...t,
    get,
    post,
    make: (name: string) => post(`?secretId=${name}`, { replication: { automatic: {} } }, 'Secret'),
    add: (name: string, value: string) =>
      post(
        `/${name}:addVersion`,
        { payload: { data: Buffer.from(value).toString('base64') } },
        'SecretVersion',
      ),
    access: async (name: string, version: string) => {
      const { status, body } = await get(
        `/${name}/versions/${version}:access`,
        'AccessSecretVersionResponse',
      );
      const { payload, error } = body as { payload?: { data: string }; error?: { message: string } };
      return [status, error?.message ?? Buffer.from(payload?.data ?? '', 'base64').toString()];
    },
    [Symbol.asyncDispose]: t.cloud.close,
  };
}

describe('versions', () => {
  test('are counted, the latest is the newest, and each is read with its checksum', async () => {
    await using t = await secretManager();
    await t.make('db');

    const first = await t.add('db', 'one');
    await t.add('db', '123456789');

    expect(first.body).toMatchObject({ name: 'projects/p/secrets/db/versions/1', state: 'ENABLED' });
    expect(await t.access('db', '1')).toEqual([200, 'one']);
    expect(await t.access('db', 'latest')).toEqual([200, '123456789']);
    expect((await t.get('/db/versions/latest:access', 'AccessSecretVersionResponse')).body).toMatchObject({
      name: 'projects/p/secrets/db/versions/2',
      payload: { data: 'MTIzNDU2Nzg5', dataCrc32c: '3808858755' },
    });
  });

  test('are listed newest first, a page at a time, by state', async () => {
    await using t = await secretManager();
    await t.make('db');
    await t.add('db', 'one');
    await t.add('db', 'two');
    await t.post('/db/versions/1:disable', {}, 'SecretVersion');

    const page = await t.get('/db/versions?pageSize=1', 'ListSecretVersionsResponse');
    const token = String(page.body.nextPageToken);
    const rest = await t.get(`/db/versions?pageSize=1&pageToken=${token}`, 'ListSecretVersionsResponse');
    const disabled = await t.get('/db/versions?filter=state:DISABLED', 'ListSecretVersionsResponse');

    expect(page.body['versions']).toMatchObject([{ name: 'projects/p/secrets/db/versions/2' }]);
    expect(rest.body).toMatchObject({ versions: [{ name: 'projects/p/secrets/db/versions/1' }] });
    expect(disabled.body['versions']).toHaveLength(1);
  });

  test('that are disabled can be enabled again, those that are destroyed cannot', async () => {
    await using t = await secretManager();
    await t.make('db');
    await t.add('db', 'one');
    const turn = (verb: string) => t.post(`/db/versions/1:${verb}`, {}, 'SecretVersion');

    await turn('disable');
    const disabled = await t.access('db', '1');
    await turn('enable');
    const enabled = await t.access('db', '1');
    const destroyed = await turn('destroy');
    const gone = await t.access('db', 'latest');
    const enabledAgain = await turn('enable');

    expect(disabled).toEqual([
      400,
      'Secret Version [projects/p/secrets/db/versions/1] is in DISABLED state.',
    ]);
    expect(enabled).toEqual([200, 'one']);
    expect(destroyed.body).toMatchObject({ state: 'DESTROYED' });
    expect(gone).toEqual([400, 'Secret Version [projects/p/secrets/db/versions/1] is in DESTROYED state.']);
    expect(enabledAgain.status).toBe(400);
  });

  test('that are disabled start no revision', async () => {
    await using t = await secretManager();
    await t.make('db');
    await t.add('db', 'one');
    await t.post('/db/versions/1:disable', {}, 'SecretVersion');
    const env = [{ name: 'DB', valueSource: { secretKeyRef: { secret: 'db', version: 'latest' } } }];

    const made = await t.write('POST', 'services?serviceId=web', {
      template: { containers: [{ image: 'localhost:5000/web', env }] },
    });

    expect(made.body.error?.message).toContain('db');
  });
});

describe('secrets', () => {
  test('are made once, described, changed by mask, and deleted', async () => {
    await using t = await secretManager();

    const made = await t.make('db');
    const again = await t.make('db');
    const changed = await callApi(t.cloud, {
      method: 'PATCH',
      path: `${SECRETS}/db?updateMask=labels`,
      body: { labels: { team: 'a' } },
      answers: `${MANAGER}.Secret`,
    });
    const listed = await t.get('', 'ListSecretsResponse');
    const deleted = await callApi(t.cloud, { method: 'DELETE', path: `${SECRETS}/db` });
    const gone = await t.get('/db', 'Secret');

    expect(made.body).toMatchObject({ name: 'projects/p/secrets/db', replication: { automatic: {} } });
    expect([again.status, again.body.error?.status]).toEqual([409, 'ALREADY_EXISTS']);
    expect(again.body.error?.message).toBe('Secret [projects/p/secrets/db] already exists.');
    expect(changed.body).toMatchObject({ labels: { team: 'a' } });
    expect(listed.body['secrets']).toEqual([changed.body]);
    expect(deleted.body).toEqual({});
    expect([gone.status, gone.body.error?.message]).toEqual([
      404,
      'Secret [projects/p/secrets/db] not found.',
    ]);
  });

  test.each([
    ['an id with a dot', '?secretId=a.b', { replication: { automatic: {} } }],
    ['no replication', '?secretId=a', {}],
    ['two replications', '?secretId=a', { replication: { automatic: {}, userManaged: {} } }],
    ['an unknown field', '?secretId=a', { replication: { automatic: {} }, colour: 'red' }],
    ['labels that are no text', '?secretId=a', { replication: { automatic: {} }, labels: { a: 1 } }],
    ['a list', '?secretId=a', []],
    ['an unknown parameter', '?secretId=a&colour=red', { replication: { automatic: {} } }],
  ])('are not made with %s', async (_, query, body) => {
    await using t = await secretManager();

    const refused = await t.post(query, body, 'Secret');

    expect([refused.status, refused.body.error?.status]).toEqual([400, 'INVALID_ARGUMENT']);
    expect((await t.get('', 'ListSecretsResponse')).body).toEqual({});
  });

  test.each([
    ['/none/versions/latest:access', 404, 'Secret [projects/p/secrets/none] not found.'],
    ['/empty/versions/latest:access', 404, 'Secret [projects/p/secrets/empty] not found or has no versions.'],
    ['/empty/versions/7:access', 404, 'Secret Version [projects/p/secrets/empty/versions/7] not found.'],
    [
      '/empty/versions/x',
      400,
      'The provided version ID [x] is neither a number nor "latest" nor an alias of the secret.',
    ],
    [
      '/empty/versions?filter=a=',
      400,
      'Invalid filter: syntax error at line 1, column 3, the end of the filter',
    ],
  ])('answer %s with %i', async (path, status, message) => {
    await using t = await secretManager();
    await t.make('empty');

    const refused = await t.get(path, 'SecretVersion');

    expect([refused.status, refused.body.error?.message]).toEqual([status, message]);
  });

  test('do not take a payload whose checksum is another', async () => {
    await using t = await secretManager();
    await t.make('db');

    const refused = await t.post(
      '/db:addVersion',
      { payload: { data: 'dHdv', dataCrc32c: '1' } },
      'SecretVersion',
    );

    expect(refused.status).toBe(400);
    expect((await t.get('/db/versions', 'ListSecretVersionsResponse')).body).toEqual({});
  });

  test('say that they came with their checksum, without which gcloud takes them for damaged', async () => {
    await using t = await secretManager();
    await t.make('db');
    const payload = { data: 'MTIzNDU2Nzg5', dataCrc32c: '3808858755' };

    const checked = await t.post('/db:addVersion', { payload }, 'SecretVersion');
    const unchecked = await t.add('db', 'two');

    expect(checked.body).toMatchObject({ clientSpecifiedPayloadChecksum: true });
    expect((await t.get('/db/versions/1', 'SecretVersion')).body).toEqual(checked.body);
    expect(unchecked.body).not.toHaveProperty('clientSpecifiedPayloadChecksum');
  });
});
