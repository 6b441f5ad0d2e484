import { readFileSync } from 'node:fs';

import { poll, systemClock } from '@fairlead/action-kit';
import { describe, expect, test } from '@jest/globals';

import { hasGcloud } from '../test-cli.ts';
import { serviceBody } from '../test-client.ts';
import { type TestGcloud, testGcloud } from './test-gcloud.ts';
import { schemaFields, sdkFields } from './test-sdk-messages.ts';

/** A command takes a second or more of CPU. */
const TIMEOUT_MS = 240_000;

// Where gcloud is not installed nothing is skipped: what needs it is not registered, and this test says so.
const withGcloud = hasGcloud() ? describe : absent;

function absent(): void {
  test('gcloud is not on the path, so nothing here drives the local cloud with it: install the Google Cloud SDK', () => {
    expect(hasGcloud()).toBe(false);
  });
}

withGcloud('the real gcloud', () => {
  test(
    '(28) deploys a service, describes and lists it, and deletes it',
    async () => {
      await using t = await testGcloud();

      const deployed = await t.run('deploy web --image localhost:5000/web --allow-unauthenticated');
      const service = await t.json('services describe web');
      const all = await t.json('services list');
      const policy = await t.json('services get-iam-policy web');
      const deleted = await t.run('services delete web');
      const gone = await t.run('services describe web');

      expect(deployed).toMatchObject({
        exitCode: 0,
        stderr: expect.stringContaining('serving 100 percent of traffic'),
      });
      expect(service).toMatchObject({ status: { conditions: [{ type: 'Ready', status: 'True' }, {}, {}] } });
      expect(all).toMatchObject([{ metadata: { name: 'web' } }]);
      expect(policy).toMatchObject({ bindings: [{ role: 'roles/run.invoker', members: ['allUsers'] }] });
      expect(deleted).toMatchObject({
        exitCode: 0,
        stderr: expect.stringContaining('Deleted service [web].'),
      });
      expect(gone).toMatchObject({
        exitCode: 1,
        stderr: expect.stringContaining('Cannot find service [web]'),
      });
    },
    TIMEOUT_MS,
  );

  test(
    'stages a revision at 0 % under a tag and moves traffic by tag, by name and to the latest',
    async () => {
      await using t = await testGcloud();
      await t.run('deploy web --image localhost:5000/web --revision-suffix one');

      const staged = await t.run(
        'deploy web --image localhost:5000/web:2 --revision-suffix two --no-traffic --tag canary',
      );
      const byTag = await t.json('services update-traffic web --to-tags canary=25');
      const byName = await t.json('services update-traffic web --to-revisions web-one=40,web-two=60');
      const latest = await t.json('services update-traffic web --to-latest');
      const { body } = await t.call('GET', 'services/web');

      expect(staged).toMatchObject({
        exitCode: 0,
        stderr: expect.stringContaining('serving 0 percent of traffic'),
      });
      expect(byTag).toEqual(shares({ 'web-one': 75, 'web-two': 25 }));
      expect(byName).toEqual(shares({ 'web-one': 40, 'web-two': 60 }));
      expect(latest).toEqual(
        expect.arrayContaining([expect.objectContaining({ key: 'LATEST', statusPercent: '100' })]),
      );
      expect(body.latestReadyRevision).toMatch(/web-two$/);
    },
    TIMEOUT_MS,
  );

  test(
    'changes settings, replaces from a file, and lists, describes and deletes revisions',
    async () => {
      await using t = await testGcloud();
      await t.run(
        'deploy web --image localhost:5000/web --revision-suffix one --no-cpu-throttling --cpu-boost',
      );

      const updated = await t.run('services update web --set-env-vars A=1,B=2 --revision-suffix two');
      const file = t.file(
        'web.yaml',
        (await t.run('services describe web --format=export')).stdout.replace('web-two', 'web-three'),
      );
      const replaced = await t.run(`services replace ${file}`);
      const revisions = await t.json('revisions list --service web');
      const revision = await t.json('revisions describe web-three');
      const deleted = await t.run('revisions delete web-one');
      const kept = await t.run('revisions delete web-three');

      expect([updated, replaced, deleted].map(({ exitCode }) => exitCode)).toEqual([0, 0, 0]);
      expect(revisions).toMatchObject(
        ['web-three', 'web-two', 'web-one'].map((name) => ({ metadata: { name } })),
      );
      expect(revision).toMatchObject({
        metadata: {
          annotations: {
            'run.googleapis.com/cpu-throttling': 'false',
            'run.googleapis.com/startup-cpu-boost': 'true',
          },
        },
        spec: {
          containers: [
            {
              env: [
                { name: 'A', value: '1' },
                { name: 'B', value: '2' },
              ],
            },
          ],
        },
      });
      expect(kept).toMatchObject({
        exitCode: 1,
        stderr: expect.stringContaining('is actively serving traffic'),
      });
    },
    TIMEOUT_MS,
  );

  test(
    'says why a deployment failed, and the old revision serves on',
    async () => {
      await using t = await testGcloud();
      await t.run('deploy web --image localhost:5000/web --revision-suffix one');
      t.cloud.addFaults({
        match: {},
        effect: 'start-fails',
        message: 'The user-provided container failed to start.',
      });

      const failed = await t.run('deploy web --image localhost:5000/web:2 --revision-suffix two');
      const refused = await t.run('deploy web --image localhost:5000/web --timeout 2h');
      const { body } = await t.call('GET', 'services/web');

      expect(failed).toMatchObject({
        exitCode: 1,
        stderr: expect.stringContaining(
          "Revision 'web-two' is not ready and cannot serve traffic. The user-provided container failed to start.",
        ),
      });
      expect(refused).toMatchObject({
        exitCode: 1,
        stderr: expect.stringContaining(
          'spec.template.spec.timeoutSeconds: maximum allowed time is one hour.',
        ),
      });
      expect(body.latestReadyRevision).toMatch(/web-one$/);
    },
    TIMEOUT_MS,
  );

  test(
    'does not wait when told so',
    async () => {
      await using t = await testGcloud();

      const deployed = await t.run('deploy web --image localhost:5000/web --async');

      expect(deployed).toMatchObject({
        exitCode: 0,
        stderr: expect.stringContaining('is deploying asynchronously'),
      });
      expect(t.cloud.calls().filter(({ path }) => path.includes(':wait'))).toEqual([]);
    },
    TIMEOUT_MS,
  );

  // gcloud sends the same body again after a 503: by then somebody else has written.
  test(
    'is refused when a v2 client has written since it read',
    async () => {
      await using t = await testGcloud();
      await t.write('POST', 'services?serviceId=web', serviceBody());
      t.cloud.addFaults({ match: { method: 'PUT' }, effect: 'status', status: 503 });

      const deploying = t.run('deploy web --image localhost:5000/web:2');
      await answered(t, 'PUT');
      await t.write('PATCH', 'services/web?updateMask=labels', { labels: { by: 'v2' } });
      const deployed = await deploying;

      expect(deployed).toMatchObject({
        exitCode: 1,
        stderr: expect.stringMatching(
          /Conflict for resource 'web': version '\d{16}' was specified but current version is '\d{16}'/,
        ),
      });
      expect((await t.call('GET', 'services/web')).body).toMatchObject({
        labels: { by: 'v2' },
        template: { containers: [{ image: 'localhost:5000/web' }] },
      });
    },
    TIMEOUT_MS,
  );

  test(
    'deploys a job and executes it, and a failing task fails the command',
    async () => {
      await using t = await testGcloud();

      const deployed = await t.run('jobs deploy migrate --image localhost:5000/migrate --max-retries 0');
      const executed = await t.run('jobs execute migrate --wait --args=up,1');
      t.cloud.addFaults({ match: {}, effect: 'task-fails', exitCode: 3, message: 'no such table' });
      const failed = await t.run('jobs execute migrate --wait');
      const executions = await t.json('jobs executions list --job migrate');

      expect([deployed, executed].map(({ exitCode }) => exitCode)).toEqual([0, 0]);
      expect(failed).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('The execution failed.') });
      expect(executions).toMatchObject([
        { status: { failedCount: 1 } },
        {
          status: { succeededCount: 1 },
          spec: { template: { spec: { containers: [{ args: ['up', '1'] }] } } },
        },
      ]);
    },
    TIMEOUT_MS,
  );

  test(
    'cancels an execution, lists its tasks and deletes the job',
    async () => {
      await using t = await testGcloud();
      await t.run('jobs deploy migrate --image localhost:5000/migrate');
      t.cloud.addFaults({ match: {}, effect: 'task-hangs' });
      await t.run('jobs execute migrate --async');
      const name = (await t.call('GET', 'jobs/migrate')).body.latestCreatedExecution?.name ?? '';

      const cancelled = await t.run(`jobs executions cancel ${name}`);
      const execution = await t.json(`jobs executions describe ${name}`);
      const tasks = await t.json(`jobs executions tasks list --execution ${name}`);
      const deleted = await t.run('jobs delete migrate');

      expect([cancelled, deleted].map(({ exitCode }) => exitCode)).toEqual([0, 0]);
      expect(execution).toMatchObject({
        status: { cancelledCount: 1, conditions: [{ reason: 'Cancelled' }, {}, {}, {}] },
      });
      expect(tasks).toMatchObject([
        { metadata: { labels: { 'run.googleapis.com/runningState': 'Cancelled' } } },
      ]);
    },
    TIMEOUT_MS,
  );

  test(
    'lists services and jobs of all regions when none is named',
    async () => {
      await using t = await testGcloud();
      await t.run('deploy web --image localhost:5000/web');
      await t.run('deploy web --image localhost:5000/web --region europe-west1');
      await t.run('jobs deploy migrate --image localhost:5000/migrate --region europe-west1');

      const services = await t.run('services list --format=csv[no-heading](metadata.name,region)');
      const inOne = await t.run('services list --region europe-west1 --format=value(metadata.name)');
      const jobs = await t.run('jobs list --format=csv[no-heading](metadata.name,region)');

      expect(services.stdout.split('\n').sort()).toEqual(['', 'web,europe-west1', 'web,r']);
      expect(inOne.stdout).toBe('web\n');
      expect(jobs.stdout).toBe('migrate,europe-west1\n');
    },
    TIMEOUT_MS,
  );

  test(
    'knows every field of the v1 messages that are read and written here',
    async () => {
      await using t = await testGcloud();
      const { stdout } = await t.shell('gcloud info --format="value(installation.sdk_root)"');

      expect(sdkFields(stdout.trim())).toEqual(expect.arrayContaining([...schemaFields()]));
    },
    TIMEOUT_MS,
  );

  test(
    'deploys a service of two containers, one of which waits for the other',
    async () => {
      await using t = await testGcloud();

      const deployed = await t.run(
        'deploy web --allow-unauthenticated --container app --image localhost:5000/web --port 8080 --depends-on proxy ' +
          '--container proxy --image localhost:5000/proxy --startup-probe tcpSocket.port=9090',
      );
      const { body } = await t.call('GET', 'services/web');

      expect(deployed).toMatchObject({ exitCode: 0 });
      expect(body.template?.containers).toMatchObject([
        { name: 'app', dependsOn: ['proxy'], ports: [{ containerPort: 8080 }] },
        { name: 'proxy', startupProbe: { tcpSocket: { port: 9090 } } },
      ]);
    },
    TIMEOUT_MS,
  );

  test(
    'reads the log of a service: the requests and what the containers wrote',
    async () => {
      await using t = await testGcloud();
      const { body } = await t.write('POST', 'services?serviceId=web', serviceBody());
      const { uri = '' } = body.response ?? {};
      await (await fetch(`${uri}/orders`)).text();

      const read = await t.run('services logs read web');

      expect(read.exitCode).toBe(0);
      expect(read.stdout).toMatch(new RegExp(`^\\d{4}-\\S+ \\S+ GET 200 ${uri}/orders$`, 'm'));
    },
    TIMEOUT_MS,
  );

  test(
    'does what the README says, line by line',
    async () => {
      await using t = await testGcloud();
      const [environment = '', commands = ''] = readmeBlocks();
      const script = `${environment}\n${commands}`.replace('=4000', `=${new URL(t.cloud.url).port}`);

      const done = await t.shell(script);

      expect(done).toMatchObject({ exitCode: 0, stdout: expect.stringMatching(/10% +\S*web-00002-/) });
      expect(done.stderr).toMatch(/The revision can be reached directly at \S*http:\/\/127\.0\.0\.1:\d+/);
    },
    TIMEOUT_MS,
  );
});

/** Resolves when the local cloud has answered a call of this method. */
async function answered(t: TestGcloud, method: string): Promise<void> {
  const isAnswered = () => t.cloud.calls().some((call) => call.method === method);
  await poll(() => Promise.resolve(isAnswered() ? { kind: 'done', value: undefined } : { kind: 'again' }), {
    clock: systemClock,
    intervalMs: 20,
    deadlineMs: TIMEOUT_MS,
  });
}

function shares(percents: Readonly<Record<string, number>>): unknown {
  return expect.arrayContaining(
    Object.entries(percents).map(([key, percent]) =>
      expect.objectContaining({ key, specPercent: String(percent), statusPercent: String(percent) }),
    ),
  );
}

/** The shell blocks of the README's section on gcloud. */
function readmeBlocks(): readonly string[] {
  const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');
  const section = readme.split('## gcloud against it')[1]?.split('\n## ')[0] ?? '';
  return [...section.matchAll(/```sh\n(.*?)```/gs)].map(([, block = '']) => block);
}
