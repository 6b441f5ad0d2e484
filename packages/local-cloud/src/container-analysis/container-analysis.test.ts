import { describe, expect, test } from '@jest/globals';

import { callApi } from '../test-api.ts';
import { testCloud } from '../test-client.ts';

const PATH = '/v1/projects/p/occurrences';
const WEB = `https://us-central1-docker.pkg.dev/p/apps/web@sha256:${'a'.repeat(64)}`;
const API = `https://us-central1-docker.pkg.dev/p/apps/api@sha256:${'b'.repeat(64)}`;

function vulnerability(resourceUri: string, severity: string, fixAvailable = false): object {
  return {
    resourceUri,
    noteName: 'projects/goog-vulnz/notes/CVE-2026-1',
    vulnerability: { severity, effectiveSeverity: severity, fixAvailable },
  };
}

const DISCOVERY = {
  resourceUri: WEB,
  noteName: 'projects/goog-analysis/notes/PACKAGE_VULNERABILITY',
  kind: 'DISCOVERY',
  discovery: { analysisStatus: 'FINISHED_SUCCESS', continuousAnalysis: 'ACTIVE' },
};

async function analysis() {
  const t = await testCloud();
  const at = (method: string, path: string, answers: string, body?: unknown) =>
    callApi(t.cloud, { method, path: `${PATH}${path}`, answers, ...(body === undefined ? {} : { body }) });
  return {
    ...t,
    make: (body: unknown) => at('POST', '', 'grafeas.v1.Occurrence', body),
    get: (path: string) => at('GET', path, 'grafeas.v1.Occurrence'),
    change: (path: string, body: unknown) => at('PATCH', path, 'grafeas.v1.Occurrence', body),
    remove: (path: string) => at('DELETE', path, 'google.protobuf.Empty'),
    list: (filter: string, more = '') =>
      at('GET', `?filter=${encodeURIComponent(filter)}${more}`, 'grafeas.v1.ListOccurrencesResponse'),
    summary: (filter: string) =>
      at(
        'GET',
        `:vulnerabilitySummary?filter=${encodeURIComponent(filter)}`,
        'google.devtools.containeranalysis.v1.VulnerabilityOccurrencesSummary',
      ),
    [Symbol.asyncDispose]: t.cloud.close,
  };
}

test('what is put about an image is found by its digest and kind, newest first', async () => {
  await using t = await analysis();
  const low = await t.make(vulnerability(WEB, 'LOW'));
  const high = await t.make(vulnerability(WEB, 'HIGH'));
  const done = await t.make(DISCOVERY);
  await t.make(vulnerability(API, 'CRITICAL'));

  const ofWeb = await t.list(`resourceUrl="${WEB}" AND kind="VULNERABILITY"`);
  const page = await t.list(`resourceUrl="${WEB}"`, '&pageSize=1');
  const discovered = await t.list(`kind="DISCOVERY" AND discovery.analysisStatus="FINISHED_SUCCESS"`);

  expect(ofWeb.body).toEqual({ occurrences: [high.body, low.body] });
  expect(page.body).toEqual({ occurrences: [done.body], nextPageToken: expect.any(String) });
  expect(discovered.body).toEqual({ occurrences: [done.body] });
  expect(low.body).toMatchObject({ kind: 'VULNERABILITY', vulnerability: { severity: 'LOW' } });
});

test('an occurrence is read, changed and removed by its name', async () => {
  await using t = await analysis();
  const made = await t.make(DISCOVERY);
  const path = `/${String(made.body['name']).split('/').at(-1) ?? ''}`;

  const changed = await t.change(`${path}?updateMask=discovery`, {
    discovery: { analysisStatus: 'SCANNING' },
  });
  const read = await t.get(path);
  await t.remove(path);
  const gone = await t.get(path);

  expect(read.body).toEqual(changed.body);
  expect(read.body).toMatchObject({ resourceUri: WEB, discovery: { analysisStatus: 'SCANNING' } });
  expect([gone.status, gone.body.error?.status]).toEqual([404, 'NOT_FOUND']);
});

test('vulnerabilities are summed up by image and severity', async () => {
  await using t = await analysis();
  await t.make(vulnerability(WEB, 'HIGH', true));
  await t.make(vulnerability(WEB, 'HIGH'));
  await t.make(vulnerability(API, 'LOW'));

  const { body } = await t.summary(`resourceUrl="${WEB}"`);

  expect(body).toEqual({
    counts: [{ resourceUri: WEB, severity: 'HIGH', fixableCount: '1', totalCount: '2' }],
  });
});

test('a project sees its own occurrences, and a test can remove all', async () => {
  await using t = await analysis();
  await t.make(DISCOVERY);

  const other = await callApi(t.cloud, {
    path: '/v1/projects/other/occurrences',
    answers: 'grafeas.v1.ListOccurrencesResponse',
  });
  await callApi(t.cloud, { method: 'DELETE', path: '/-/occurrences' });

  expect(other.body).toEqual({});
  expect((await t.list('')).body).toEqual({});
});

describe('an occurrence is refused', () => {
  test.each([
    ['without details', { resourceUri: WEB, noteName: 'projects/p/notes/n' }],
    ['with details of two kinds', { ...DISCOVERY, vulnerability: {} }],
    ['with details that are none', { ...DISCOVERY, discovery: 'done' }],
    ['with another kind', { ...DISCOVERY, kind: 'BUILD' }],
    ['without an image', { ...DISCOVERY, resourceUri: undefined }],
    ['without a note', { ...DISCOVERY, noteName: 'n' }],
    ['with an unknown field', { ...DISCOVERY, colour: 'red' }],
  ])('%s', async (_, body) => {
    await using t = await analysis();

    const refused = await t.make(body);

    expect([refused.status, refused.body.error?.status]).toEqual([400, 'INVALID_ARGUMENT']);
    expect((await t.list('')).body).toEqual({});
  });

  test('by a filter that is none', async () => {
    await using t = await analysis();

    const refused = await t.list('kind=');

    expect(refused.body.error?.message).toBe(
      'Invalid filter: syntax error at line 1, column 6, the end of the filter',
    );
  });
});
