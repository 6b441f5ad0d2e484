import { readFileSync } from 'node:fs';

import { describe, expect, test } from '@jest/globals';

import { serviceBody } from '../test-client.ts';
import { changedAttributes, madeOrTaken, type ShownPlan } from './test-plan.ts';
import { hasTerraform, PROVIDER, TESTDATA, testTerraform } from './test-terraform.ts';

/** All of `everything` takes Terraform ten seconds and more. */
const TIMEOUT_MS = 400_000;

const APPLY = 'apply -auto-approve -input=false -no-color';
const DESTROY = 'destroy -auto-approve -input=false -no-color';
/** Ends with 0 when there is nothing to do and with 2 when there is. */
const PLAN = 'plan -detailed-exitcode -input=false -no-color';

// Where Terraform or its provider is missing nothing is skipped: what needs them is not registered, and this test says so.
const withTerraform = hasTerraform() ? describe : absent;

function absent(): void {
  test(`terraform is not on the path or ${PROVIDER} names no file, so nothing here drives the local cloud with it`, () => {
    expect(hasTerraform()).toBe(false);
  });
}

test('the README shows the provider as it is set up here', () => {
  const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');
  const [, shown = ''] = /```hcl\n(.*?)```/s.exec(readme) ?? [];
  const [, used = ''] =
    /(provider "google" \{.*)/s.exec(readFileSync(new URL('provider.tf', TESTDATA), 'utf8')) ?? [];

  expect(shown).toBe(used.replaceAll('${var.origin}', 'http://127.0.0.1:4000'));
});

withTerraform('the real Terraform', () => {
  test(
    'has nothing left to do after an apply and after a change, and takes everything away',
    async () => {
      await using t = await testTerraform('everything', 'rare');

      const applied = await t.run(APPLY);
      const planned = await t.run(PLAN);
      const changed = await t.run(APPLY, 2);
      const plannedAgain = await t.run(PLAN, 2);
      const destroyed = await t.run(DESTROY, 2);

      expect(applied).toMatchObject({ exitCode: 0, stderr: '' });
      expect(planned).toMatchObject({ exitCode: 0, stdout: expect.stringContaining('No changes.') });
      expect(changed).toMatchObject({ exitCode: 0, stderr: '' });
      expect(plannedAgain).toMatchObject({ exitCode: 0, stdout: expect.stringContaining('No changes.') });
      expect(destroyed).toMatchObject({ exitCode: 0, stderr: '' });
      expect((await t.call('GET', 'services')).body).toEqual({});
    },
    TIMEOUT_MS,
  );

  test(
    'imports what is there, and finds no difference but in what it never reads',
    async () => {
      await using t = await testTerraform('everything');
      await t.run(APPLY);
      t.remove('terraform.tfstate');
      t.add('import');

      await t.run('plan -out=import.plan -input=false -no-color');
      const plan = (await t.json('show -json import.plan')) as ShownPlan;
      const applied = await t.run(APPLY);
      const planned = await t.run(PLAN);

      // Terraform cannot import an object of a bucket.
      expect(madeOrTaken(plan)).toEqual(['google_storage_bucket_object.graph']);
      expect(changedAttributes(plan)).toEqual([
        'annotations',
        'deletion_protection',
        'force_destroy',
        'labels',
        'terraform_labels',
      ]);
      expect(applied).toMatchObject({ exitCode: 0, stderr: '' });
      expect(planned.exitCode).toBe(0);
    },
    TIMEOUT_MS,
  );

  test.each([
    [
      'one-service',
      'Error waiting to create Service: Error waiting for Creating Service: Error code 9, message: ',
    ],
    [
      'one-old-service',
      'Error waiting to create Service: resource is in failed state "Ready:False", message: ',
    ],
  ])(
    'says why a new service does not start, and makes it anew: %s',
    async (folder, prefix) => {
      await using t = await testTerraform(folder);
      t.cloud.addFaults({ match: {}, effect: 'start-fails' });

      const failed = await t.run(APPLY);
      const planned = await t.run(PLAN);
      const applied = await t.run(APPLY);

      expect(failed.exitCode).toBe(1);
      expect(failed.stderr).toContain(`${prefix}Revision 'web-00001-`);
      expect(failed.stderr).toContain(
        'is not ready and cannot serve traffic. The user-provided container failed to start',
      );
      expect(planned).toMatchObject({
        exitCode: 2,
        stdout: expect.stringContaining('is tainted, so must be replaced'),
      });
      expect(applied.exitCode).toBe(0);
    },
    TIMEOUT_MS,
  );

  test(
    'does not take over a service that it did not make',
    async () => {
      await using t = await testTerraform('one-service');
      const url = `${t.cloud.url}/v2/projects/demo/locations/us-central1/services?serviceId=web`;
      await fetch(url, { method: 'POST', body: JSON.stringify(serviceBody()) });

      const refused = await t.run(APPLY);

      expect(refused).toMatchObject({
        exitCode: 1,
        stderr: expect.stringContaining("googleapi: Error 409: Resource 'web' already exists."),
      });
    },
    TIMEOUT_MS,
  );

  test.each([429, 503])(
    'tries again what was answered %i',
    async (status) => {
      await using t = await testTerraform('one-service');
      t.cloud.addFaults({ match: { method: 'POST', path: 'services' }, effect: 'status', status });

      const applied = await t.run(APPLY);

      expect(applied.exitCode).toBe(0);
      expect(t.cloud.calls().filter(({ method }) => method === 'POST')).toMatchObject([
        { status },
        { status: 200 },
      ]);
    },
    TIMEOUT_MS,
  );
});
