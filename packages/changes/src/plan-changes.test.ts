import { describe, expect, test } from '@jest/globals';
import { type Manifest, parseManifest } from '@fairlead/manifest';
import fc from 'fast-check';

import { describeReason, planChanges, type Since } from './index.ts';

function manifestOf(text: string): Manifest {
  const parsed = parseManifest(text, 'fairlead.yaml');
  if (parsed.kind === 'errors') throw new Error(JSON.stringify(parsed.errors));
  return parsed.manifest;
}

/** The repository of the source documents: irregular roots, a shared package, a worker, a gateway and a web app. */
const mindmirror = manifestOf(`
environments: { production: { branches: main } }
shared:
  shared: src/shared/**
  compose: docker-compose.yml
units:
  agent: { kind: service, paths: src/agent_service/**, needs: [shared, compose], subgraph: { schema: src/agent_service/schema.graphql } }
  journal: { kind: service, paths: src/journal_service/**, needs: [shared, compose] }
  habits:
    kind: service
    paths: [habits_service/**, '!**/*.md']
    needs: [shared, compose]
    migration: { command: [alembic, upgrade, head], paths: habits_service/alembic/versions/** }
    subgraph: { schema: habits_service/schema.graphql }
  celery-worker: { kind: worker, paths: celery-worker/**, needs: [shared, journal, compose] }
  mesh: { kind: gateway, paths: mesh/** }
  web: { kind: web, paths: web/** }
  mobile: { kind: external, paths: mobile/** }
`);

/** One answer for every unit. */
function everywhere({ units }: Manifest, since: Since): ReadonlyMap<string, Since> {
  return new Map(units.map(({ name }) => [name, since]));
}

function planFor(manifest: Manifest, ...paths: readonly string[]) {
  return planChanges(manifest, everywhere(manifest, { kind: 'paths', paths }));
}

/** What is to be done for whom: `habits: build migrate deploy`. */
function needsOf(plan: ReturnType<typeof planChanges>): readonly string[] {
  const words = ['build', 'migrate', 'compose', 'deploy'] as const;
  return plan.units.map((change) => [`${change.unit}:`, ...words.filter((word) => change[word])].join(' '));
}

function reasonsOf(plan: ReturnType<typeof planChanges>): Readonly<Record<string, readonly string[]>> {
  return Object.fromEntries(plan.units.map(({ unit, reasons }) => [unit, reasons.map(describeReason)]));
}

describe('what changed paths call for', () => {
  test.each([
    ['habits_service/app.py', ['habits: build deploy']],
    ['src/agent_service/app.py', ['agent: build deploy']],
    ['src/journal_service/deep/down/.env.example', ['journal: build deploy', 'celery-worker: build deploy']],
    ['celery-worker/tasks.py', ['celery-worker: build deploy']],
    ['mesh/config.ts', ['mesh: build deploy']],
    ['web/index.html', ['web: build deploy']],
    ['mobile/App.tsx', ['mobile:']],
    ['habits_service_old/app.py', []],
    ['infra/modules/agent_service/main.tf', []],
    ['README.md', []],
    ['habits_service/README.md', []],
  ])('only the units that own %s (DC-01, DC-03, DC-09, DC-10, DC-11)', (path, needs) => {
    expect(needsOf(planFor(mindmirror, path))).toEqual(needs);
  });

  test('a shared package reaches every unit that copies it, and says so (DC-05)', () => {
    expect(reasonsOf(planFor(mindmirror, 'src/shared/auth.py'))).toEqual({
      agent: ['shared:src/shared'],
      journal: ['shared:src/shared'],
      habits: ['shared:src/shared'],
      'celery-worker': ['shared:src/shared', 'needs:journal'],
    });
  });

  test('a global trigger reaches every unit that it builds (DC-04)', () => {
    expect(planFor(mindmirror, 'docker-compose.yml').units.map(({ unit }) => unit)).toEqual([
      'agent',
      'journal',
      'habits',
      'celery-worker',
    ]);
  });

  test('a schema is composed, and the gateway serves it with the image that it has (DC-06, DC-07)', () => {
    const plan = planFor(mindmirror, 'habits_service/schema.graphql');

    expect(plan.compose).toBe(true);
    expect(needsOf(plan)).toEqual(['habits: build compose deploy', 'mesh: compose deploy']);
    expect(reasonsOf(plan)).toEqual({
      habits: ['paths: habits_service/schema.graphql', 'schema:habits'],
      mesh: ['schema:habits'],
    });
  });

  test('a migration runs when its own paths changed, and only then (DC-08)', () => {
    expect(needsOf(planFor(mindmirror, 'habits_service/alembic/versions/1.py'))).toEqual([
      'habits: build migrate deploy',
    ]);
  });

  test('many paths are counted behind the first', () => {
    expect(reasonsOf(planFor(mindmirror, 'web/a', 'README.md', 'web/b', 'web/c'))).toEqual({
      web: ['paths: web/a and 2 more'],
    });
  });

  test('the manifest itself calls for everything', () => {
    const plan = planFor(mindmirror, 'fairlead.yaml');

    expect(needsOf(plan)).toEqual([
      'agent: build compose deploy',
      'journal: build deploy',
      'habits: build migrate compose deploy',
      'celery-worker: build deploy',
      'mesh: build compose deploy',
      'web: build deploy',
      'mobile:',
    ]);
    expect(reasonsOf(plan)['web']).toEqual(['manifest: fairlead.yaml changed']);
  });

  test.each([
    ['a newline', 'habits_service/a\nb.py', 'paths: "habits_service/a\\nb.py"'],
    ['letters of other scripts', 'habits_service/ünï.py', 'paths: "habits_service/ünï.py"'],
    ['a command', 'habits_service/$(id).py', 'paths: "habits_service/$(id).py"'],
    ['what looks like an annotation', 'habits_service/::error::', 'paths: "habits_service/::error::"'],
  ])('a file name with %s counts, and is quoted', (_, path, reason) => {
    expect(reasonsOf(planFor(mindmirror, path))).toEqual({ habits: [reason] });
  });
});

describe('patterns', () => {
  test.each([
    [['a'], 'a', true],
    [['a'], 'a/b/c', true],
    [['a/'], 'a/b', true],
    [['a'], 'ab', false],
    [['.'], 'x/y', true],
    [['**'], '.github/x', true],
    [['a/*'], 'a/b', true],
    [['a/*'], 'a/b/c', false],
    [['**/*.graphql'], 'x.graphql', true],
    [['**/*.graphql'], 'a/new\nline/.b/x.graphql', true],
    [['a/**/*.{py,toml}'], 'a/pyproject.toml', true],
    [['a/**', '!a/docs/**'], 'a/docs/x', false],
    [['a/**', '!a/docs/**'], 'a/src/docs/x', true],
    [['!**/*.md'], 'a.py', false],
    [['*_service/**'], 'habits_service/x', true],
    [['app/@(a|b)/x'], 'app/b/x', true],
  ])('%j and %j: %s', (paths, path, fits) => {
    const manifest = { ...manifestOf('environments: {}\nunits: { a: { kind: web, paths: x } }'), file: 'f' };
    const [unit] = manifest.units;
    const units = unit === undefined ? [] : [{ ...unit, paths }];

    expect(planFor({ ...manifest, units }, path).units).toHaveLength(fits ? 1 : 0);
  });
});

describe('each unit is compared with its own base', () => {
  test('one that was not deployed yet needs everything', () => {
    const since = new Map([
      ...everywhere(mindmirror, { kind: 'paths', paths: [] }),
      ['habits', { kind: 'everything', because: 'not deployed yet' }] as const,
    ]);

    const plan = planChanges(mindmirror, since);

    expect(needsOf(plan)).toEqual(['habits: build migrate compose deploy', 'mesh: compose deploy']);
    expect(reasonsOf(plan)).toEqual({ habits: ['not deployed yet'], mesh: ['schema:habits'] });
  });

  test('one whose deployment failed is not forgotten though what it needs was deployed since', () => {
    const since = new Map([
      ...everywhere(mindmirror, { kind: 'paths', paths: [] }),
      ['celery-worker', { kind: 'paths', paths: ['src/journal_service/app.py'] }] as const,
    ]);

    expect(reasonsOf(planChanges(mindmirror, since))).toEqual({ 'celery-worker': ['needs:journal'] });
  });

  test('one that nobody spoke of needs everything', () => {
    expect(needsOf(planChanges(mindmirror, new Map()))).toEqual(
      needsOf(planFor(mindmirror, 'fairlead.yaml')),
    );
  });
});

describe('waves', () => {
  test('put what is needed before what needs it, and the gateway after all that it serves', () => {
    const manifest = manifestOf(`
environments: {}
units:
  web: { kind: web, paths: web, needs: mesh }
  mesh: { kind: gateway, paths: mesh }
  worker: { kind: worker, paths: worker, needs: api }
  api: { kind: service, paths: api, needs: auth }
  auth: { kind: service, paths: auth }
`);

    const { units } = planChanges(manifest, new Map());

    expect(Object.fromEntries(units.map(({ unit, wave }) => [unit, wave]))).toEqual({
      auth: 0,
      api: 1,
      worker: 2,
      mesh: 3,
      web: 4,
    });
  });
});

describe('for any graph and paths', () => {
  const names = ['a', 'b', 'c', 'd', 'e', 'f'];
  const kinds = ['service', 'worker', 'gateway', 'web'] as const;
  // A unit needs only units before it, so there is no circle.
  const graph = fc
    .tuple(
      ...names.map((name, index) =>
        fc.record({
          name: fc.constant(name),
          kind: fc.constantFrom(...kinds),
          needs: fc.subarray(['s', ...names.slice(0, index)]),
        }),
      ),
    )
    .map((units) => {
      const base = manifestOf(`
environments: {}
shared: { s: s/** }
units: { a: { kind: service, paths: a, migration: { command: [x] }, subgraph: { schema: a/schema.graphql } } }`);
      const [template] = base.units;
      return {
        ...base,
        units: units.map((unit) => ({ ...template, ...unit, paths: [unit.name] })) as Manifest['units'],
      };
    });
  const paths = fc.array(
    fc.constantFrom(
      ...names.flatMap((name) => [`${name}/x`, `${name}/schema.graphql`]),
      's/x',
      'README.md',
      'a/schema.graphql',
    ),
    { maxLength: 4 },
  );

  test('more changed paths never call for less', () => {
    fc.assert(
      fc.property(graph, paths, paths, (manifest, some, more) => {
        const fewer = needsOf(planFor(manifest, ...some)).flatMap((line) => pairs(line));
        const all = new Set(needsOf(planFor(manifest, ...some, ...more)).flatMap((line) => pairs(line)));
        return fewer.every((need) => all.has(need));
      }),
    );
  });

  test('every change has a reason, and comes after all changes that it needs', () => {
    fc.assert(
      fc.property(graph, paths, (manifest, some) => {
        const { units } = planFor(manifest, ...some);
        const waves = new Map(units.map(({ unit, wave }) => [unit, wave]));
        return units.every(
          ({ unit, wave, reasons }) =>
            reasons.length > 0 &&
            manifest.units
              .find(({ name }) => name === unit)
              ?.needs.every((name) => (waves.get(name) ?? -1) < wave),
        );
      }),
    );
  });

  test('a unit changes when one that it needs does', () => {
    fc.assert(
      fc.property(graph, paths, (manifest, some) => {
        const built = new Set(
          planFor(manifest, ...some)
            .units.filter(({ build }) => build)
            .map(({ unit }) => unit),
        );
        return manifest.units.every(
          ({ name, needs }) => built.has(name) || needs.every((needed) => !built.has(needed)),
        );
      }),
    );
  });

  function pairs(line: string): readonly string[] {
    const [unit = '', ...needs] = line.split(' ');
    return needs.map((need) => `${unit} ${need}`);
  }
});
