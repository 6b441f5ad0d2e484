import { expect, test } from '@jest/globals';
import fc from 'fast-check';

import { testCloud } from './test-client.ts';

const PROJECT = '/v1/projects/p';
const REPOSITORY = `${PROJECT}/locations/l/repositories/apps`;

/** Where the neighbours answer; what follows is made up. */
const PATHS = [
  '/storage/v1/b',
  '/storage/v1/b/graphs/o',
  '/storage/v1/b/graphs/o/a',
  '/storage/v1/b/graphs/o/a/compose',
  '/storage/v1/b/graphs/o/a/rewriteTo/b/graphs/o/b',
  '/download/storage/v1/b/graphs/o/a',
  '/upload/storage/v1/b/graphs/o',
  '/graphs/a',
  '/v2/entries:list',
  '/v2/projects/p/logs',
  '/v3/projects/p/timeSeries',
  '/v3/projects/p/metricDescriptors',
  `${PROJECT}/secrets`,
  `${PROJECT}/secrets/db`,
  `${PROJECT}/secrets/db:addVersion`,
  `${PROJECT}/secrets/db/versions/latest:access`,
  `${PROJECT}/secrets/db/versions/1:destroy`,
  `${PROJECT}/occurrences`,
  `${PROJECT}/occurrences:vulnerabilitySummary`,
  `${PROJECT}/serviceAccounts/a:generateAccessToken`,
  `${PROJECT}/serviceAccounts/a:generateIdToken`,
  `${PROJECT}/locations/l/repositories`,
  REPOSITORY,
  `${REPOSITORY}/packages`,
  `${REPOSITORY}/packages/web/versions`,
  `${REPOSITORY}/packages/web/tags`,
  `${REPOSITORY}/dockerImages`,
  '/v1/token',
  '/-/monitoring',
  '/-/identity',
  '/-/occurrences',
];

const PARAMETERS = [
  'alt',
  'filter',
  'ifGenerationMatch',
  'interval.endTime',
  'name',
  'orderBy',
  'pageSize',
  'pageToken',
  'prefix',
  'repositoryId',
  'secretId',
  'tagId',
  'updateMask',
  'uploadType',
  'upload_id',
  'view',
];

const FIELDS = [
  'attributeMapping',
  'audience',
  'data',
  'filter',
  'format',
  'labels',
  'lagSeconds',
  'metadata',
  'name',
  'payload',
  'providers',
  'replication',
  'resourceNames',
  'scope',
  'serviceAccounts',
  'sourceObjects',
  'subjectToken',
  'version',
  'vulnerability',
];

const words = fc.constantFrom(
  '',
  'a',
  '-1',
  'media',
  'multipart',
  'resumable',
  'a="b"',
  'metric.type=',
  '..',
  'FULL',
  '\u0000',
  'ü',
);
const text = fc.oneof(words, fc.string());
const json = fc.letrec((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    text,
    fc.integer(),
    fc.boolean(),
    fc.constant(null),
    tie('list'),
    tie('object'),
  ),
  list: fc.array(tie('value'), { maxLength: 3 }),
  object: fc.dictionary(fc.oneof(fc.constantFrom(...FIELDS), fc.string()), tie('value'), { maxKeys: 4 }),
}));

const requests = fc.record({
  method: fc.constantFrom('GET', 'POST', 'PUT', 'PATCH', 'DELETE'),
  path: fc.constantFrom(...PATHS),
  below: fc.oneof(
    fc.constant(''),
    text.map((segment) => `/${encodeURIComponent(segment)}`),
  ),
  query: fc.dictionary(fc.constantFrom(...PARAMETERS), text, { maxKeys: 3 }),
  body: fc.oneof(
    json.value.map((value) => JSON.stringify(value)),
    text,
  ),
  headers: fc.constantFrom<Record<string, string>>(
    {},
    { range: 'bytes=9-1' },
    { 'content-range': 'bytes 5-9/*' },
    { 'content-type': 'multipart/related; boundary=a' },
    { 'content-type': 'application/x-www-form-urlencoded' },
    { authorization: 'Bearer x' },
  ),
});

test('no request to a neighbour of Cloud Run that can be thought of is answered 500', async () => {
  const defects: string[] = [];
  await using t = await testCloud({ secrets: { db: 'x' }, log: (line) => defects.push(line) });

  await fc.assert(
    fc.asyncProperty(requests, async ({ method, path, below, query, body, headers }) => {
      const response = await fetch(`${t.cloud.url}${path}${below}?${new URLSearchParams(query).toString()}`, {
        method,
        redirect: 'manual',
        headers,
        ...(method === 'GET' ? {} : { body }),
      });
      await response.arrayBuffer();
      expect(response.status).not.toBe(500);
      expect(defects).toEqual([]);
    }),
    { numRuns: 500 },
  );
});
