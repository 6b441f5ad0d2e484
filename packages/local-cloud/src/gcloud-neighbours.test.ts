import { createHash, randomBytes } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { startLocalGithub } from '@fairlead/local-github';
import { describe, expect, test } from '@jest/globals';

import type { LocalCloud } from './local-cloud.ts';
import { gcloudOf, hasGcloud } from './test-cli.ts';
import { serviceBody, testCloud } from './test-client.ts';

// Where gcloud is not installed nothing is skipped: what needs it is not registered, and this test says so.
const withGcloud = hasGcloud() ? describe : absent;

function absent(): void {
  test('gcloud is not on the path, so nothing here drives the neighbours with it: install the Google Cloud SDK', () => {
    expect(hasGcloud()).toBe(false);
  });
}

// Each command takes gcloud a second or two, more on a busy machine.
const PATIENCE_MS = 180_000;

async function push({ registry }: LocalCloud, image: string, tag: string): Promise<string> {
  const config = JSON.stringify({ image, tag });
  const digest = digestOf(config);
  await fetch(`http://${registry}/v2/${image}/blobs/uploads/?digest=${digest}`, {
    method: 'POST',
    body: config,
  });
  const type = 'application/vnd.oci.image.manifest.v1+json';
  const manifest = JSON.stringify({
    schemaVersion: 2,
    mediaType: type,
    config: { mediaType: 'application/vnd.oci.image.config.v1+json', digest, size: config.length },
    layers: [],
  });
  await fetch(`http://${registry}/v2/${image}/manifests/${tag}`, {
    method: 'PUT',
    headers: { 'content-type': type },
    body: manifest,
  });
  return digestOf(manifest);
}

function digestOf(content: string): string {
  return `sha256:${createHash('sha256').update(content).digest('hex')}`;
}

withGcloud('the real gcloud', () => {
  test(
    'makes a secret, reads it, and hears that a disabled version is none',
    async () => {
      await using t = await testCloud();
      await using gcloud = await gcloudOf(t.cloud);
      const value = await gcloud.file('value', 'hello');

      const made = await gcloud.run('secrets', 'create', 'db', `--data-file=${value}`);
      await gcloud.run('secrets', 'versions', 'add', 'db', `--data-file=${value}`);
      const read = await gcloud.run('secrets', 'versions', 'access', 'latest', '--secret=db');
      await gcloud.run('secrets', 'versions', 'disable', '1', '--secret=db');

      expect(made).toContain('Created version [1] of the secret [db].');
      expect(read).toBe('hello');
      await expect(gcloud.run('secrets', 'versions', 'access', '1', '--secret=db')).rejects.toThrow(
        'FAILED_PRECONDITION: Secret Version [projects/p/secrets/db/versions/1] is in DISABLED state.',
      );
    },
    PATIENCE_MS,
  );

  test(
    'copies files up and down, in parts where they are large, and not over what is there if told so',
    async () => {
      await using t = await testCloud();
      await using gcloud = await gcloudOf(t.cloud);
      const content = randomBytes(9 * 1024 * 1024);
      const [small, large] = [await gcloud.file('small', 'text\r\n'), await gcloud.file('large', content)];

      await gcloud.run('storage', 'buckets', 'create', 'gs://graphs');
      await gcloud.run('storage', 'cp', small, large, 'gs://graphs/in/');
      const listed = await gcloud.run('storage', 'ls', 'gs://graphs/in/');
      await gcloud.run('storage', 'cp', 'gs://graphs/in/large', join(gcloud.folder, 'back'));
      const read = await gcloud.run('storage', 'cat', 'gs://graphs/in/small');

      expect(listed.trim().split('\n')).toEqual(['gs://graphs/in/large', 'gs://graphs/in/small']);
      expect((await readFile(join(gcloud.folder, 'back'))).equals(content)).toBe(true);
      expect(read).toBe('text\r\n');
      await expect(
        gcloud.run('storage', 'cp', small, 'gs://graphs/in/small', '--if-generation-match=0'),
      ).rejects.toThrow('At least one of the pre-conditions you specified did not hold.');
    },
    PATIENCE_MS,
  );

  test(
    'switches versioning on, lists versions, brings one back and reads what is stored packed',
    async () => {
      await using t = await testCloud();
      await using gcloud = await gcloudOf(t.cloud);
      const storage = (...args: readonly string[]) => gcloud.run('storage', ...args);
      await storage('buckets', 'create', 'gs://graphs');
      await storage('buckets', 'update', 'gs://graphs', '--versioning');
      await storage('cp', await gcloud.file('one', 'one'), 'gs://graphs/a');
      await storage('cp', await gcloud.file('two', 'two'), 'gs://graphs/a');

      const versions = (await storage('ls', '--all-versions', 'gs://graphs/a')).trim().split('\n');
      const old = await storage('cat', versions[0] ?? '');
      await storage('cp', versions[0] ?? '', 'gs://graphs/back');
      const back = await storage('cat', 'gs://graphs/back');
      await storage(
        'cp',
        '--gzip-local-all',
        await gcloud.file('long', 'long '.repeat(500)),
        'gs://graphs/z',
      );
      await storage('cp', 'gs://graphs/z', join(gcloud.folder, 'unpacked'));
      const unpacked = await readFile(join(gcloud.folder, 'unpacked'), 'utf8');

      expect(versions).toEqual([
        expect.stringMatching(/^gs:\/\/graphs\/a#\d+$/),
        expect.stringMatching(/^gs:\/\/graphs\/a#\d+$/),
      ]);
      expect([old, back, unpacked]).toEqual(['one', 'one', 'long '.repeat(500)]);
    },
    PATIENCE_MS,
  );

  test(
    'makes a repository, lists its images, tags one and removes another with its tags',
    async () => {
      await using t = await testCloud();
      await using gcloud = await gcloudOf(t.cloud);
      const [first, second] = [
        await push(t.cloud, 'p/apps/team/web', 'v1'),
        await push(t.cloud, 'p/apps/team/web', 'v2'),
      ];
      const image = 'us-central1-docker.pkg.dev/p/apps/team/web';
      const artifacts = (...args: readonly string[]) => gcloud.run('artifacts', ...args);

      await artifacts(
        'repositories',
        'create',
        'empty',
        '--repository-format=docker',
        '--location=us-central1',
      );
      await artifacts('docker', 'tags', 'add', `${image}:v1`, `${image}:live`);
      await artifacts('docker', 'images', 'delete', `${image}:v2`, '--delete-tags');
      const images = await artifacts(
        'docker',
        'images',
        'list',
        'us-central1-docker.pkg.dev/p/apps',
        '--include-tags',
        '--format=json',
      );
      const repositories = await artifacts(
        'repositories',
        'list',
        '--location=us-central1',
        '--format=value(name)',
      );

      expect(images).toContain(`${t.cloud.registry}/p/apps/team/web`);
      expect(images).toContain(first);
      expect(images).toMatch(/live/);
      expect(images).not.toContain(second);
      expect(repositories).toContain('empty');
    },
    PATIENCE_MS,
  );

  test(
    'sets cleanup policies from a file, makes tags immutable and takes a policy away',
    async () => {
      await using t = await testCloud();
      await using gcloud = await gcloudOf(t.cloud);
      const place = '--location=us-central1';
      const repositories = (command: string, ...args: readonly string[]) =>
        gcloud.run('artifacts', 'repositories', command, 'apps', place, ...args);
      const policies = [
        { name: 'old', action: { type: 'Delete' }, condition: { tagState: 'untagged', olderThan: '30d' } },
        { name: 'newest', action: { type: 'Keep' }, mostRecentVersions: { keepCount: 5 } },
      ];
      const name = 'projects/p/locations/us-central1/repositories/apps';
      const described = async () => (await fetch(`${t.cloud.url}/v1/${name}`)).json();
      await repositories('create', '--repository-format=docker');

      await repositories(
        'set-cleanup-policies',
        `--policy=${await gcloud.file('policies.json', JSON.stringify(policies))}`,
      );
      await repositories('update', '--immutable-tags');
      const both = await described();
      await repositories('delete-cleanup-policies', '--policynames=old');
      await repositories('delete-cleanup-policies', '--policynames=newest');
      const none = await described();

      expect(both).toMatchObject({
        cleanupPolicies: {
          old: { id: 'old', action: 'DELETE', condition: { tagState: 'UNTAGGED', olderThan: '2592000s' } },
          newest: { id: 'newest', action: 'KEEP', mostRecentVersions: { keepCount: 5 } },
        },
        dockerConfig: { immutableTags: true },
      });
      expect(none).toMatchObject({ dockerConfig: { immutableTags: true } });
      expect(none).not.toHaveProperty('cleanupPolicies.old');
      expect(none).not.toHaveProperty('cleanupPolicies.newest');
    },
    PATIENCE_MS,
  );

  test(
    'reads what is logged of a revision',
    async () => {
      await using t = await testCloud();
      await using gcloud = await gcloudOf(t.cloud);
      await t.write('POST', 'services?serviceId=web', serviceBody());

      const read = await gcloud.run(
        'logging',
        'read',
        'resource.type="cloud_run_revision" AND resource.labels.service_name="web"',
        '--format=value(logName)',
      );

      expect(read).toContain('projects/p/logs/run.googleapis.com%2Fvarlog%2Fsystem');
    },
    PATIENCE_MS,
  );

  test(
    "signs in with the token of a job by Workload Identity Federation, as google-github-actions/auth's file says",
    async () => {
      await using github = await startLocalGithub();
      const provider = 'projects/1/locations/global/workloadIdentityPools/github/providers/actions';
      const account = 'deployer@p.iam.gserviceaccount.com';
      await using t = await testCloud({
        secrets: { db: 'hello' },
        identity: {
          requireTokens: true,
          providers: [
            {
              name: provider,
              issuer: 'https://token.actions.githubusercontent.com',
              jwksUri: `${github.url}/.well-known/jwks`,
              attributeMapping: {
                'google.subject': 'assertion.sub',
                'attribute.owner': 'assertion.repository_owner_id',
              },
              attributeCondition: 'assertion.repository_owner_id == "1"',
            },
          ],
          serviceAccounts: {
            [account]: [
              'principalSet://iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/github/attribute.owner/1',
            ],
          },
        },
      });
      const job = github.jobEnvironment(
        {
          repository: 'o/r',
          repositoryId: '2',
          ownerId: '1',
          ref: 'refs/heads/main',
          sha: 'a'.repeat(40),
          workflowRef: 'w',
          jobWorkflowRef: 'w',
          event: 'push',
        },
        { requestIdToken: true },
      );
      const folder = await mkdtemp(join(tmpdir(), 'fairlead-wif-'));
      await using cleanUp = new AsyncDisposableStack();
      cleanUp.defer(() => rm(folder, { recursive: true }));
      const file = join(folder, 'gha-creds.json');
      const audience = encodeURIComponent(`https://iam.googleapis.com/${provider}`);
      await writeFile(
        file,
        JSON.stringify({
          type: 'external_account',
          audience: `//iam.googleapis.com/${provider}`,
          subject_token_type: 'urn:ietf:params:oauth:token-type:jwt',
          token_url: `${t.cloud.url}/v1/token`,
          service_account_impersonation_url: `${t.cloud.url}/v1/projects/-/serviceAccounts/${account}:generateAccessToken`,
          credential_source: {
            url: `${job['ACTIONS_ID_TOKEN_REQUEST_URL'] ?? ''}&audience=${audience}`,
            headers: { Authorization: `Bearer ${job['ACTIONS_ID_TOKEN_REQUEST_TOKEN'] ?? ''}` },
            format: { type: 'json', subject_token_field_name: 'value' },
          },
        }),
      );
      await using signedIn = await gcloudOf(t.cloud, { CLOUDSDK_AUTH_CREDENTIAL_FILE_OVERRIDE: file });
      await using stranger = await gcloudOf(t.cloud);

      expect(await signedIn.run('secrets', 'versions', 'access', 'latest', '--secret=db')).toBe('hello');
      await expect(stranger.run('secrets', 'versions', 'access', 'latest', '--secret=db')).rejects.toThrow(
        'Request had invalid authentication credentials.',
      );
    },
    PATIENCE_MS,
  );
});
