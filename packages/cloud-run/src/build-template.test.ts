import { describe, expect, test } from '@jest/globals';
import type { RunSettings } from '@fairlead/manifest';
import { buildTemplate, isSameContent, revisionName, type RevisionTemplate } from './index.ts';

const nothing: RunSettings = { env: {}, secrets: {}, secretFiles: {} };
const intent = (settings: Partial<RunSettings> = {}, isWorker = false) => ({
  settings: { ...nothing, ...settings },
  image: 'r/agent@sha256:bb',
  labels: {},
  isWorker,
});

const live: RevisionTemplate = {
  revision: 'agent-old',
  labels: { team: 'green' },
  timeout: '300s',
  executionEnvironment: 'EXECUTION_ENVIRONMENT_GEN2',
  maxInstanceRequestConcurrency: 80,
  scaling: { minInstanceCount: 1, maxInstanceCount: 10 },
  containers: [
    {
      image: 'r/agent@sha256:aa',
      env: [
        { name: 'LOG_LEVEL', value: 'debug' },
        { name: 'REGION', value: 'us' },
      ],
      resources: { limits: { cpu: '1000m', memory: '2Gi' }, startupCpuBoost: true },
    },
    { name: 'proxy', image: 'r/proxy' },
  ],
};

describe('a template', () => {
  test('with nothing told changes its image alone (CR-06, CR-11)', () => {
    expect({ ...buildTemplate(live, intent()), revision: 'agent-old' }).toEqual({
      ...live,
      containers: [{ ...live.containers?.[0], image: 'r/agent@sha256:bb' }, live.containers?.[1]],
    });
  });

  test('keeps variables that are not managed, in their order', () => {
    const { containers } = buildTemplate(
      live,
      intent({ env: { LOG_LEVEL: 'info', A: '1' }, secrets: { DB: 'database-url:3' } }),
    );

    expect(containers?.[0]?.env).toEqual([
      { name: 'LOG_LEVEL', value: 'info' },
      { name: 'REGION', value: 'us' },
      { name: 'A', value: '1' },
      { name: 'DB', valueSource: { secretKeyRef: { secret: 'database-url', version: '3' } } },
    ]);
  });

  test('changes one limit and keeps the other', () => {
    const { containers } = buildTemplate(live, intent({ memory: '4Gi' }));

    expect(containers?.[0]?.resources).toEqual({
      limits: { cpu: '1000m', memory: '4Gi' },
      startupCpuBoost: true,
    });
  });

  test('takes a CPU written in another way for the same', () => {
    expect(buildTemplate(live, intent({ cpu: '1' })).containers?.[0]?.resources?.limits?.['cpu']).toBe(
      '1000m',
    );
  });

  test('changes one bound of the scaling and keeps the other (CR-14)', () => {
    expect(buildTemplate(live, intent({ maxInstances: 3 })).scaling).toEqual({
      minInstanceCount: 1,
      maxInstanceCount: 3,
    });
  });

  test('mounts secrets as files that everybody in the container may read (CR-05, CR-22)', () => {
    const { volumes, containers } = buildTemplate(
      undefined,
      intent({ secretFiles: { '/secrets/db/url': 'database-url:2' } }),
    );

    expect(volumes).toEqual([
      {
        name: 'secret-secrets-db',
        secret: { secret: 'database-url', items: [{ path: 'url', version: '2', mode: 0o444 }] },
      },
    ]);
    expect(containers?.[0]?.volumeMounts).toEqual([{ name: 'secret-secrets-db', mountPath: '/secrets/db' }]);
  });

  test('with files of two secrets in one folder is refused', () => {
    const secretFiles = { '/secrets/db/url': 'database-url', '/secrets/db/ca': 'database-ca' };

    expect(() => buildTemplate(undefined, intent({ secretFiles }))).toThrow(
      'secret files in /secrets/db must come from one secret, because Cloud Run mounts a whole folder from one; found database-url, database-ca',
    );
  });

  test('of a worker has an instance with a CPU at all times and is not probed (CR-16)', () => {
    expect(buildTemplate(undefined, intent({}, true))).toMatchObject({
      healthCheckDisabled: true,
      scaling: { minInstanceCount: 1 },
      containers: [{ resources: { cpuIdle: false } }],
    });
  });

  test('built again on what it became is the same', () => {
    const told = intent({
      env: { A: '1' },
      cpu: '2',
      port: 80,
      secretFiles: { '/secrets/db/url': 'database-url' },
    });
    const first = buildTemplate(live, told);

    expect(isSameContent(buildTemplate({ ...first, revision: 'agent-new' }, told), first)).toBe(true);
  });
});

describe('the name of a revision', () => {
  test('follows from the content, whatever the order of its fields', () => {
    const { containers, ...rest } = live;

    expect(revisionName('agent', { ...(containers === undefined ? {} : { containers }), ...rest })).toBe(
      revisionName('agent', live),
    );
    expect(revisionName('agent', live)).toMatch(/^agent-[0-9a-f]{10}$/);
  });

  test('does not depend on the name before, nor on what the API leaves out', () => {
    const spelled = { ...live, revision: 'other', healthCheckDisabled: false, volumes: [] };

    expect(revisionName('agent', spelled)).toBe(revisionName('agent', live));
  });

  test('changes with the content', () => {
    expect(revisionName('agent', { ...live, timeout: '10s' })).not.toBe(revisionName('agent', live));
  });
});
