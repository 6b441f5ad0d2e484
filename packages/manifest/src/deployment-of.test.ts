import { readFileSync } from 'node:fs';

import { describe, expect, test } from '@jest/globals';

import { deploymentOf, environmentFor, type Manifest, parseManifest } from './index.ts';

const complete = readFileSync(new URL('testdata/fairlead.yaml', import.meta.url), 'utf8');

function manifestOf(text: string): Manifest {
  const parsed = parseManifest(text, 'fairlead.yaml');
  if (parsed.kind === 'errors') throw new Error(JSON.stringify(parsed.errors));
  return parsed.manifest;
}

describe('the environment of a ref', () => {
  test.each([
    ['refs/heads/main', 'production'],
    ['refs/heads/staging', 'staging'],
    ['refs/heads/release/2026/11', 'staging'],
    ['refs/tags/v1.2.3', 'production'],
    ['refs/heads/v1.2.3', undefined],
    ['refs/tags/main', undefined],
    ['refs/heads/mainly', undefined],
    ['refs/heads/feature/x', undefined],
    ['refs/pull/7/merge', undefined],
    ['main', undefined],
  ])('%s delivers to %s (EN-01, EN-02)', (ref, name) => {
    expect(environmentFor(manifestOf(complete), ref)?.name).toBe(name);
  });

  test('* ends at a slash', () => {
    const manifest = manifestOf('environments: { a: { branches: release/* } }\nunits: {}');

    expect(environmentFor(manifest, 'refs/heads/release/1')?.name).toBe('a');
    expect(environmentFor(manifest, 'refs/heads/release/1/2')).toBeUndefined();
  });
});

describe('a deployment', () => {
  test('takes places from the environment, then from the top of the manifest', () => {
    const { units, ...places } = deploymentOf(manifestOf(complete), 'staging');

    expect(places).toEqual({
      environment: 'staging',
      protected: false,
      project: 'mindmirror-staging',
      region: 'us-central1',
      registry: 'us-central1-docker.pkg.dev/mindmirror/services',
      supergraphBucket: 'mindmirror-supergraphs',
    });
    expect(units.map(({ serviceName, jobName, imageName }) => [serviceName, jobName, imageName])).toEqual([
      ['agent-service-auto', 'migrate-agent-auto', 'us-central1-docker.pkg.dev/mindmirror/services/agent'],
      ['celery-worker-auto', undefined, 'us-central1-docker.pkg.dev/mindmirror/services/worker'],
      ['mesh-auto', undefined, 'us-central1-docker.pkg.dev/mindmirror/services/mesh'],
      ['mobile-auto', undefined, 'us-central1-docker.pkg.dev/mindmirror/services/mobile'],
    ]);
  });

  test('lets inputs win over the manifest', () => {
    const deployment = deploymentOf(manifestOf(complete), 'staging', {
      project: 'mine',
      registry: '127.0.0.1:5000/x',
    });

    expect(deployment).toMatchObject({
      project: 'mine',
      registry: '127.0.0.1:5000/x',
      region: 'us-central1',
    });
  });

  test("lays the environment's run settings over the unit's", () => {
    const [agent] = deploymentOf(manifestOf(complete), 'production').units;

    expect(agent?.run).toMatchObject({
      port: 8000,
      minInstances: 1,
      maxInstances: 4,
      env: { LOG_LEVEL: 'warning' },
      secrets: { DATABASE_URL: 'database-url:latest', API_KEY: 'api-key:latest' },
    });
    expect(agent?.run.env).not.toHaveProperty('API_KEY');
  });

  test("a unit's own rollout wins over the environment's", () => {
    const { units } = deploymentOf(manifestOf(complete), 'production');

    expect(units.map(({ name, rollout }) => [name, rollout.steps])).toEqual([
      ['agent', [10, 50, 100]],
      ['celery-worker', [10, 50, 100]],
      ['mesh', [100]],
      ['mobile', [10, 50, 100]],
    ]);
  });

  test('to an unknown environment names the known ones (EN-03)', () => {
    expect(() => deploymentOf(manifestOf(complete), 'prodution')).toThrow(
      'fairlead.yaml has no environment "prodution", it has "production", "staging"; did you mean "production"?',
    );
  });

  test('without a project says where to set one', () => {
    const manifest = manifestOf('environments: { a: { branches: main } }\nunits: {}\nregistry: x/y');

    expect(() => deploymentOf(manifest, 'a')).toThrow(
      'environment "a" has no project: write "project" in fairlead.yaml or set the input "project"',
    );
  });
});
