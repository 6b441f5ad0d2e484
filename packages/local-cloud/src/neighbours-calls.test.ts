import { expect, test } from '@jest/globals';

import { testCloud } from './test-client.ts';

const REPOSITORY = '/v1/projects/p/locations/l/repositories/apps';

test.each([
  ['POST', '/upload/storage/v1/b/graphs/o', 'storage.objects.create'],
  ['GET', '/storage/v1/b/graphs/o/a', 'storage.objects.get'],
  ['PATCH', '/storage/v1/b/graphs/o/a', 'storage.objects.update'],
  ['GET', '/graphs/a', 'storage.objects.get'],
  ['PATCH', '/storage/v1/b/graphs', 'storage.buckets.update'],
  ['PUT', '/storage/v1/b/graphs/iam', 'storage.buckets.setIamPolicy'],
  ['GET', '/v3/projects/p/timeSeries', 'monitoring.timeSeries.list'],
  ['GET', '/v3/projects/p/metricDescriptors/x', 'monitoring.metricDescriptors.get'],
  ['POST', '/v2/entries:list', 'logging.logEntries.list'],
  ['GET', '/v1/projects/p/secrets/db/versions/latest:access', 'secretmanager.versions.access'],
  ['POST', '/v1/projects/p/secrets', 'secretmanager.secrets.create'],
  ['POST', '/v1/projects/p/secrets/db:setIamPolicy', 'secretmanager.secrets.setIamPolicy'],
  ['POST', '/v1/projects/-/serviceAccounts/a:generateAccessToken', 'iam.serviceAccounts.getAccessToken'],
  ['PATCH', REPOSITORY, 'artifactregistry.repositories.update'],
  ['GET', `${REPOSITORY}/dockerImages`, 'artifactregistry.dockerimages.list'],
  [
    'DELETE',
    `${REPOSITORY}/packages/web/versions/sha256:${'0'.repeat(64)}`,
    'artifactregistry.versions.delete',
  ],
  ['PATCH', `${REPOSITORY}/packages/web/tags/live`, 'artifactregistry.tags.update'],
  ['GET', '/v1/projects/p/occurrences', 'containeranalysis.occurrences.list'],
  ['POST', '/v1/token', undefined],
])('%s %s is logged with the permission that it needs, refused or not', async (method, path, permission) => {
  await using t = await testCloud();

  await (await fetch(`${t.cloud.url}${path}`, { method })).arrayBuffer();

  expect(t.cloud.calls().map((call) => [call.method, call.path, call.permission])).toEqual([
    [method, path, permission],
  ]);
});
