import type { DeployedUnit, Migration } from '@fairlead/manifest';
import type { SelectedDeployment } from '@fairlead/manifest-file';
import { expect, test } from '@jest/globals';

import { manifestTargets } from './migration-target.ts';

const alembic: Migration = {
  job: 'migrate-main',
  command: ['alembic'],
  args: ['upgrade', 'head'],
  paths: [],
  timeoutSeconds: 600,
  env: {},
  secrets: {},
};

const unit = (name: string, migration: Partial<Migration> = {}): DeployedUnit => ({
  name,
  kind: 'service',
  service: name,
  serviceName: name,
  jobName: 'migrate-main',
  imageName: `registry.example/${name}`,
  paths: [],
  needs: [],
  run: { env: {}, secrets: {}, secretFiles: {} },
  smoke: [],
  rollout: { steps: [100], intervalMs: 0 },
  migration: { ...alembic, ...migration },
});

const deploymentOf = (...units: readonly DeployedUnit[]): SelectedDeployment => ({
  environment: 'production',
  protected: true,
  project: 'acme',
  region: 'us-central1',
  registry: 'registry.example',
  units,
  selected: units,
});

const images = { byUnit: {}, tag: 'main-1a2b3c4' };

test('units that share a job run it once, with the first one’s image (MG-03)', () => {
  expect(manifestTargets(deploymentOf(unit('agent'), unit('journal')), images)).toEqual([
    {
      name: { project: 'acme', region: 'us-central1', job: 'migrate-main' },
      units: ['agent', 'journal'],
      image: 'registry.example/agent:main-1a2b3c4',
      command: ['alembic'],
      args: ['upgrade', 'head'],
      timeoutSeconds: 600,
      settings: { env: {}, secrets: {}, secretFiles: {} },
    },
  ]);
});

test('units that share a job with different commands are refused', () => {
  const units = deploymentOf(unit('agent'), unit('habits', { command: ['python'] }));

  expect(() => manifestTargets(units, images)).toThrow(
    'units "agent" and "habits" share job "migrate-main" with different commands; give one of them a job of its own',
  );
});

test('what the migration makes a secret is no plain variable any more', () => {
  const agent = unit('agent', { secrets: { DATABASE_URL: 'database-url:1' } });
  const run = { ...agent.run, env: { DATABASE_URL: 'none', MODE: 'fast' } };

  expect(manifestTargets(deploymentOf({ ...agent, run }), images)[0]?.settings).toEqual({
    env: { MODE: 'fast' },
    secrets: { DATABASE_URL: 'database-url:1' },
    secretFiles: {},
  });
});
