import { readFileSync } from 'node:fs';

import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { stringify } from 'yaml';

import { formatError, type ManifestError, parseManifest } from './index.ts';

const complete = readFileSync(new URL('testdata/fairlead.yaml', import.meta.url), 'utf8');

/** The errors of a text as they are printed. */
function errorsOf(text: string): readonly string[] {
  const parsed = parseManifest(text, 'fairlead.yaml');
  return parsed.kind === 'errors' ? parsed.errors.map(formatError) : [];
}

/** A manifest of one environment and the given lines below `units:`. */
function withUnits(...lines: readonly string[]): string {
  return ['environments:', '  production: { branches: main }', 'units:', ...lines, ''].join('\n');
}

/** A manifest of one unit and the given lines below `environments:`. */
function withEnvironments(...lines: readonly string[]): string {
  return ['units:', '  habits: { kind: service, paths: habits/** }', 'environments:', ...lines, ''].join(
    '\n',
  );
}

/** What stands in a text where an error points at, to the end of the line. */
function textAt(text: string, error: ManifestError | undefined): string | undefined {
  return text.split('\n')[(error?.line ?? 0) - 1]?.slice((error?.column ?? 0) - 1);
}

describe('a manifest without fault', () => {
  test('is read with its defaults filled in and nothing else', () => {
    const parsed = parseManifest(withUnits('  habits: { kind: service, paths: habits/** }'), 'f.yaml');

    expect(parsed).toEqual({
      kind: 'manifest',
      manifest: {
        file: 'f.yaml',
        environments: [
          {
            name: 'production',
            branches: ['main'],
            tags: [],
            suffix: '',
            protected: false,
            rollout: { steps: [100], intervalMs: 60_000 },
            run: { env: {}, secrets: {}, secretFiles: {} },
          },
        ],
        shared: [],
        units: [
          {
            name: 'habits',
            kind: 'service',
            service: 'habits',
            paths: ['habits/**'],
            needs: [],
            image: { name: 'habits', context: '.', args: {}, platforms: ['linux/amd64'] },
            run: { env: {}, secrets: {}, secretFiles: {} },
            smoke: [],
          },
        ],
        policy: { requireNonRoot: false },
      },
    });
  });

  test('may say everything that there is to say', () => {
    const parsed = parseManifest(complete, 'fairlead.yaml');

    expect(parsed).toMatchObject({
      kind: 'manifest',
      manifest: {
        units: [
          {
            name: 'agent',
            service: 'agent-service',
            needs: ['shared', 'compose'],
            run: { cpu: '1', timeoutSeconds: 300, public: false },
            health: {
              path: '/health',
              contract: 'strict',
              service: 'agent-service',
              attempts: 30,
              intervalMs: 5000,
            },
            smoke: [{ method: 'POST', path: '/graphql', status: 200 }],
            migration: { job: 'migrate-agent', timeoutSeconds: 600 },
            subgraph: { name: 'agent', path: '/graphql' },
          },
          { name: 'celery-worker', image: { name: 'worker', pack: { workdir: '/app', files: ['**'] } } },
          { name: 'mesh', rollout: { steps: [100] } },
          { name: 'mobile', kind: 'external' },
        ],
        policy: { requireNonRoot: true },
      },
    });
  });

  test('may reuse parts by anchors and merges', () => {
    const text = withUnits(
      '  habits: &unit { kind: service, paths: habits/** }',
      '  journal:',
      '    <<: *unit',
      '    paths: journal/**',
    );

    expect(parseManifest(text, 'fairlead.yaml')).toMatchObject({
      manifest: { units: [{ paths: ['habits/**'] }, { kind: 'service', paths: ['journal/**'] }] },
    });
  });
});

describe('every fault is told with its place', () => {
  test('all at once, in the order of the text', () => {
    const text = [
      'projekt: acme',
      'environments:',
      '  production: { branches: main }',
      'shared:',
      '  shared: src/shared/**',
      'units:',
      '  habits:',
      '    kind: servce',
      '    paths: habits/**',
      '    needs:',
      '      - shard',
      '',
    ].join('\n');

    expect(errorsOf(text)).toEqual([
      'fairlead.yaml:1:1: the manifest has no key "projekt"; did you mean "project"?',
      'fairlead.yaml:8:11: unit "habits": kind must be one of "service", "worker", "gateway", "web", "external", got "servce"; did you mean "service"?',
      'fairlead.yaml:11:9: unit "habits": needs "shard", which is neither a unit nor a shared set; did you mean "shared"?',
    ]);
  });

  test.each([
    ['an empty file', '', 'fairlead.yaml:1:1: the manifest must be a map, got nothing'],
    ['a list', '- a', 'fairlead.yaml:1:1: the manifest must be a map, got a list'],
    ['text', 'hello', 'fairlead.yaml:1:1: the manifest must be a map, got "hello"'],
    [
      'an alias to nothing',
      'units: *none',
      'fairlead.yaml:1:8: not readable as YAML: the alias *none names no anchor that stands before it',
    ],
    ['an unknown tag', 'units: !x y', 'fairlead.yaml:1:8: not readable as YAML: unresolved tag: !x'],
  ])('%s is no manifest', (_, text, error) => {
    expect(errorsOf(text)).toContain(error);
  });

  test.each([
    [
      'a quote that never ends',
      'units:\n  habits: "x',
      /^fairlead\.yaml:2:\d+: not readable as YAML: missing closing/,
    ],
    ['a tab as indentation', 'units:\n\thabits: x', /^fairlead\.yaml:2:1: not readable as YAML: /],
    ['two documents', 'units: {}\n---\nunits: {}', /^fairlead\.yaml:2:1: not readable as YAML: /],
    ['nesting without end', '['.repeat(20_000), /^fairlead\.yaml:1:\d+: not readable as YAML: /],
  ])('%s is told where it is', (_, text, error) => {
    expect(errorsOf(text)[0]).toMatch(error);
  });

  test('a bad name hides nothing that is wrong below it', () => {
    const text = withUnits('  Habits: { kind: service, paths: a, run: { public: "yes", env: { A-B: 1 } } }');

    expect(errorsOf(text)).toEqual([
      expect.stringContaining('unit "Habits" must be a name of lower-case letters'),
      expect.stringContaining('unit "Habits": run.public must be true or false, got "yes"'),
      expect.stringContaining('unit "Habits": run.env.A-B must be the name of an environment variable'),
      expect.stringContaining('unit "Habits": run.env.A-B must be text, got 1: put it in quotes'),
    ]);
  });

  test('a key written twice names the line of the first', () => {
    const text = withUnits('  habits: { kind: service, paths: a }', '  habits: { kind: worker, paths: b }');

    expect(errorsOf(text)).toEqual(['fairlead.yaml:5:3: key "habits" is already written in line 4']);
  });

  test('aliases that multiply without end are refused', () => {
    const text = [
      'a: &a [x, x]',
      ...'bcdefghijklmnopqrstu'.split('').map((letter, index) => {
        const before = 'abcdefghijklmnopqrst'.charAt(index);
        return `${letter}: &${letter} [*${before}, *${before}]`;
      }),
    ].join('\n');

    expect(errorsOf(text)[0]).toMatch(/^fairlead\.yaml:1:1: not readable as YAML: excessive alias count/);
  });

  test.each([
    ['kind: service', 'paths are required, or no change would ever reach it', 'habits:'],
    [
      'paths: a',
      'kind is required and must be one of "service", "worker", "gateway", "web", "external"',
      'habits:',
    ],
    [
      '{ kind: service, paths: /a }',
      'paths must be a path or glob below the repository\'s root, without a slash or "./" at the beginning and without "..", got "/a"',
      '/a }',
    ],
    [
      '{ kind: service, paths: a/../b }',
      'paths must be a path or glob below the repository\'s root, without a slash or "./" at the beginning and without "..", got "a/../b"',
      'a/../b }',
    ],
    ['{ kind: service, paths: [] }', 'paths must have at least one entry', '[]'],
    ['{ kind: service, paths: a, needs: habits }', 'needs itself', 'habits }'],
    [
      '{ kind: service, paths: a, service: Habits }',
      'service must be a name of lower-case letters, digits and dashes that begins with a letter and ends without a dash, got "Habits"',
      'Habits }',
    ],
    ['{ kind: service, paths: a, run: { port: 0 } }', 'run.port must be at least 1, got 0', '0 }'],
    ['{ kind: service, paths: a, run: { port: 1.5 } }', 'run.port must be a whole number, got 1.5', '1.5 }'],
    ['{ kind: service, paths: a, run: { prot: 1 } }', 'run has no key "prot"; did you mean "port"?', 'prot:'],
    [
      '{ kind: service, paths: a, run: { timeout: 300 } }',
      'run.timeout must be a duration such as "10s", "5m" or "1h", got 300',
      '300 }',
    ],
    [
      '{ kind: service, paths: a, run: { env: { A: 1 } } }',
      'run.env.A must be text, got 1: put it in quotes',
      '1 } }',
    ],
    [
      '{ kind: service, paths: a, run: { env: { PORT: "1" } } }',
      'run.env.PORT cannot be set: Cloud Run sets it from run.port',
      'PORT:',
    ],
    [
      '{ kind: service, paths: a, run: { env: { 1A: "1" } } }',
      'run.env.1A must be the name of an environment variable, got "1A"',
      '1A:',
    ],
    [
      '{ kind: service, paths: a, run: { secrets: { A: db } } }',
      'run.secrets.A must be a secret and its version, such as "database-url:latest" or "database-url:3", got "db"',
      'db }',
    ],
    [
      '{ kind: service, paths: a, run: { env: { A: x }, secrets: { A: "a:1" } } }',
      'run.secrets.A is also in env; keep one of the two',
      'A: "a:1"',
    ],
    [
      '{ kind: service, paths: a, run: { min-instances: 3, max-instances: 2 } }',
      'run.min-instances is 3, more than max-instances, which is 2',
      '3, max',
    ],
    [
      '{ kind: service, paths: a, rollout: { steps: [10, 10, 100] } }',
      'rollout.steps must rise from step to step and end with 100',
      '[10, 10, 100]',
    ],
    [
      '{ kind: service, paths: a, rollout: { steps: [10, 50] } }',
      'rollout.steps must rise from step to step and end with 100',
      '[10, 50]',
    ],
    [
      '{ kind: service, paths: a, rollout: { steps: [12.5, 100] } }',
      'rollout.steps[0] must be a whole number, got 12.5',
      '12.5',
    ],
    [
      '{ kind: external, image: {} }',
      'is external, so image means nothing; leave it out or change its kind',
      'image:',
    ],
    [
      '{ kind: service, paths: a, smoke: [{ name: x, method: PUT }] }',
      'smoke[0].method must be one of "GET", "POST", got "PUT"',
      'PUT }',
    ],
  ])('a unit that says %s', (lines, message, pointedAt) => {
    const text = withUnits(`  habits:${lines.startsWith('{') ? ' ' : '\n    '}${lines}`);

    const parsed = parseManifest(text, 'fairlead.yaml');

    const [first] = parsed.kind === 'errors' ? parsed.errors : [];
    expect(first?.message.replace('"habits":', '"habits"')).toBe(`unit "habits" ${message}`);
    expect(textAt(text, first)?.slice(0, pointedAt.length)).toBe(pointedAt);
  });

  test('units that need each other are named as a path', () => {
    const text = withUnits(
      '  mesh: { kind: gateway, paths: mesh, needs: habits }',
      '  habits: { kind: service, paths: habits, needs: journal }',
      '  journal: { kind: service, paths: journal, needs: [habits] }',
    );

    expect(errorsOf(text)).toEqual([
      'fairlead.yaml:5:50: units need each other in a circle: habits → journal → habits',
    ]);
  });

  test('two units may not be one service or subgraph; a migration job they may share (MG-03)', () => {
    const text = withUnits(
      '  habits: { kind: service, paths: a, migration: { command: [x] }, subgraph: { schema: a } }',
      '  other: { kind: service, service: habits, paths: b, migration: { command: [x], job: migrate-habits }, subgraph: { name: habits, schema: b } }',
    );

    expect(errorsOf(text)).toEqual([
      'fairlead.yaml:5:3: unit "other": its Cloud Run service is named "habits", as that of unit "habits"',
      'fairlead.yaml:5:3: unit "other": its subgraph is named "habits", as that of unit "habits"',
    ]);
  });

  test.each([
    [
      ['  a: { branches: main, suffix: -a }', '  b: { branches: main, suffix: -b }'],
      '"main" meets "main" of environment "a"',
    ],
    [
      ['  a: { branches: release/*, suffix: -a }', '  b: { branches: release/1, suffix: -b }'],
      '"release/1" meets "release/*" of environment "a"',
    ],
    [
      ['  a: { tags: v*, suffix: -a }', '  b: { tags: "*-rc", suffix: -b }'],
      '"*-rc" meets "v*" of environment "a"',
    ],
    [['  a: { branches: [main] }', '  b: { branches: [dev, dev] }'], '"dev" meets "dev" of environment "b"'],
  ])('a branch or tag maps to one environment once (EN-01, EN-03): %s', (lines, message) => {
    expect(errorsOf(withEnvironments(...lines))).toEqual([
      expect.stringContaining(
        `: environment "b": ${message}; a branch or tag may map to one environment once`,
      ),
    ]);
  });

  test('a branch pattern and a tag pattern may be the same, and patterns may lie side by side', () => {
    const text = withEnvironments(
      '  a: { branches: release/*, tags: v1 }',
      '  b: { branches: release/*/fix, tags: v2 }',
    );

    expect(errorsOf(text)).toEqual([]);
  });

  test('two environments may not deliver to the same services', () => {
    const text = `project: acme\nregion: us-central1\n${withEnvironments('  a: { branches: main }', '  b: {}')}`;

    expect(errorsOf(text)).toEqual([
      'fairlead.yaml:7:3: environment "b" delivers to the same services as environment "a", in project "acme" and region "us-central1"; give one of them a suffix or a project of its own',
    ]);
  });

  test('a service name that a suffix makes too long is told before Cloud Run would', () => {
    const service = 'a'.repeat(46);
    const text = [
      'environments:',
      '  b: { suffix: -auto }',
      'units:',
      `  ${service}: { kind: web, paths: a }`,
    ].join('\n');

    expect(errorsOf(text)).toEqual([
      `fairlead.yaml:4:3: unit "${service}": its service in environment "b" would be named "${service}-auto", 51 characters; Cloud Run takes at most 49`,
    ]);
  });
});

describe('no text makes it throw', () => {
  const inside = (text: string) => {
    const lines = text.split('\n');
    return ({ line, column }: { readonly line: number; readonly column: number }) =>
      line >= 1 && line <= lines.length && column >= 1 && column <= (lines[line - 1] ?? '').length + 1;
  };
  const holds = (text: string) => {
    const parsed = parseManifest(text, 'fairlead.yaml');
    if (parsed.kind === 'manifest') return true;
    return (
      parsed.errors.length > 0 &&
      parsed.errors.every(inside(text)) &&
      parsed.errors.every(({ message }) => !message.includes('\n'))
    );
  };
  const words = [
    ...new Set(complete.match(/[\w-]+|[^\w\s]/g) ?? []),
    '\n',
    '\n  ',
    '\t',
    '__proto__',
    'constructor',
    '&a',
    '*a',
    '<<',
  ];

  test('any text gives a manifest or errors inside the text', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), holds), { numRuns: 500 });
  });

  test('any soup of the words of a manifest does', () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom(...words), { maxLength: 40 }).map((parts) => parts.join(' ')),
        holds,
      ),
      { numRuns: 500 },
    );
  });

  test('a good manifest with a piece cut out, doubled or replaced does', () => {
    const mutated = fc
      .tuple(
        fc.nat(complete.length),
        fc.nat(60),
        fc.oneof(fc.string(), fc.constantFrom(...words), fc.constant('')),
        fc.boolean(),
      )
      .map(
        ([at, length, put, keep]) => complete.slice(0, at) + put + complete.slice(keep ? at : at + length),
      );

    fc.assert(fc.property(mutated, holds), { numRuns: 500 });
  });

  test('any value at any place of the tree does', () => {
    const value = fc.letrec((tie) => ({
      value: fc.oneof(
        { depthSize: 'small' },
        fc.constantFrom<unknown>(null, true, 1.5, -1, 'main', 'habits', [], {}),
        fc.string(),
        fc.array(tie('value'), { maxLength: 3 }),
        fc.dictionary(fc.constantFrom(...words), tie('value'), { maxKeys: 5 }),
      ),
    })).value;
    const manifest = fc.record(
      { units: value, environments: value, shared: value, policy: value },
      { requiredKeys: [] },
    );

    fc.assert(
      fc.property(
        manifest.map((tree) => stringify(tree)),
        holds,
      ),
      { numRuns: 500 },
    );
  });
});
