import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

import { recordingContext } from '@fairlead/action-kit';
import { startLocalCloud } from '@fairlead/local-cloud';
import { describe, expect, test } from '@jest/globals';

import { detectChanges } from './detect-changes.ts';

const MANIFEST = `
environments:
  production: { branches: main }
  staging: { branches: develop, suffix: -auto }
shared:
  shared: src/shared/**
units:
  agent: { kind: service, paths: src/agent_service/**, needs: shared }
  habits:
    kind: service
    service: habits-service
    paths: habits_service/**
    needs: shared
    migration: { command: [alembic, upgrade, head], paths: habits_service/alembic/** }
    subgraph: { schema: habits_service/schema.graphql }
  worker: { kind: worker, paths: celery-worker/**, needs: [habits] }
  mesh: { kind: gateway, paths: mesh/** }
`;
const ZEROS = '0'.repeat(40);

/** A repository with the manifest as its first commit, and the action run in it. */
function project(manifest = MANIFEST) {
  const root = mkdtempSync(join(tmpdir(), 'fairlead-detect-'));
  const folder = join(root, 'work');
  mkdirSync(folder);
  const git = (...args: readonly string[]) => gitAt(folder, args);
  const commit = (...paths: readonly string[]) => {
    for (const path of paths) put(join(folder, path), `${path} ${Math.random()}\n`);
    git('add', '--all');
    git('commit', '--quiet', '--allow-empty', '--message=x');
    return git('rev-parse', 'HEAD');
  };
  git('init', '--quiet', '--initial-branch=main');
  git('config', 'uploadpack.allowAnySHA1InWant', 'true');
  put(join(folder, 'fairlead.yaml'), manifest);
  return {
    git,
    commit,
    first: commit('README.md'),
    detect: (run: Run, workspace = folder) => detectIn(root, workspace, run),
    /** A checkout of the last commit alone. */
    shallow: (ref = 'main') => {
      gitAt(root, ['clone', '--quiet', '--depth=1', `--branch=${ref}`, `file://${folder}`, 'shallow']);
      return join(root, 'shallow');
    },
    [Symbol.dispose]: () => {
      rmSync(root, { recursive: true });
    },
  };
}

interface Run {
  readonly inputs?: Readonly<Record<string, string>>;
  readonly env?: Readonly<Record<string, string>>;
  readonly event?: unknown;
}

async function detectIn(root: string, workspace: string, run: Run) {
  const eventPath = join(root, 'event.json');
  writeFileSync(eventPath, JSON.stringify(run.event ?? {}));
  const env = {
    ...process.env,
    GITHUB_SHA: undefined,
    GITHUB_BASE_REF: undefined,
    GITHUB_WORKSPACE: workspace,
    GITHUB_EVENT_PATH: eventPath,
    GITHUB_EVENT_NAME: 'push',
    GITHUB_REF: 'refs/heads/main',
    ...run.env,
  };
  const context = recordingContext({ env, inputs: run.inputs ?? {} });
  await detectChanges(context);
  return context;
}

function gitAt(folder: string, args: readonly string[]): string {
  const identity = ['-c', 'user.name=t', '-c', 'user.email=t@example.com', '-c', 'commit.gpgsign=false'];
  return execFileSync('git', [...identity, ...args], { cwd: folder, encoding: 'utf8' }).trim();
}

function put(path: string, content: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content);
}

/** A service whose serving revision has these labels. */
async function serve(url: string, service: string, labels: Readonly<Record<string, string>>): Promise<void> {
  const parent = `${url}/v2/projects/p/locations/r`;
  const template = { labels, containers: [{ image: 'r-docker.pkg.dev/p/i/x' }] };
  const created = await fetch(`${parent}/services?serviceId=${service}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ template }),
  });
  const { name } = (await created.json()) as { readonly name: string };
  await fetch(`${url}/v2/${name}:wait`, { method: 'POST', body: '{"timeout":"20s"}' });
}

describe('a push', () => {
  test('tells all that the jobs after it need to know of what changed', async () => {
    using repository = project();
    const head = repository.commit('habits_service/app.py', 'habits_service/alembic/1.py');

    const { outputs } = await repository.detect({ event: { before: repository.first } });

    const habits = {
      name: 'habits',
      kind: 'service',
      service: 'habits-service',
      image: 'habits',
      reasons: ['paths: habits_service/alembic/1.py and 1 more'],
      wave: 0,
      build: true,
      migrate: true,
      compose: false,
      deploy: true,
    };
    const worker = {
      ...habits,
      name: 'worker',
      kind: 'worker',
      service: 'worker',
      image: 'worker',
      reasons: ['needs:habits'],
      wave: 1,
      migrate: false,
    };
    expect(outputs).toEqual({
      any: true,
      units: [habits, worker],
      matrix: { include: [habits, worker] },
      build: ['habits', 'worker'],
      'build-any': true,
      migrate: ['habits'],
      'migrate-any': true,
      compose: false,
      'schema-changed': [],
      deploy: ['habits', 'worker'],
      'deploy-any': true,
      gateway: [],
      'gateway-any': false,
      environment: 'production',
      tag: `main-${head.slice(0, 7)}`,
      commit: head,
    });
  });

  test('that changed a schema has the gateway deployed after the others, and not built', async () => {
    using repository = project();
    repository.commit('habits_service/schema.graphql');

    const { outputs } = await repository.detect({ event: { before: repository.first } });

    expect(outputs).toMatchObject({
      build: ['habits', 'worker'],
      compose: true,
      'schema-changed': ['habits'],
      deploy: ['habits', 'worker'],
      gateway: ['mesh'],
      'gateway-any': true,
    });
  });

  test('of documents alone calls for nothing, and its matrix is empty (DC-02, DC-11)', async () => {
    using repository = project();
    const head = repository.commit('README.md', 'docs/a.md');

    const context = await repository.detect({ event: { before: repository.first } });

    expect(context.outputs).toMatchObject({
      any: false,
      units: [],
      matrix: { include: [] },
      'build-any': false,
      'deploy-any': false,
      compose: false,
      environment: 'production',
    });
    expect(context.renderedSummary()).toContain(
      `Nothing that production runs changed up to ${head.slice(0, 7)}.`,
    );
  });

  test('is understood in a checkout of the last commit alone', async () => {
    using repository = project();
    repository.commit('src/agent_service/app.py');
    repository.commit('celery-worker/tasks.py');

    const { outputs } = await repository.detect(
      { event: { before: repository.first } },
      repository.shallow(),
    );

    expect(outputs).toMatchObject({ build: ['agent', 'worker'] });
  });

  test('says in its summary what each unit needs and why', async () => {
    using repository = project();
    repository.commit('src/shared/auth.py');

    const context = await repository.detect({ event: { before: repository.first } });

    expect(context.renderedSummary()).toBe(
      [
        '## Changes for production\n',
        '| unit | needs | why | wave | compared with |',
        '| --- | --- | --- | --- | --- |',
        `| agent | build, deploy | shared:src/shared | 1 | ${repository.first.slice(0, 7)} |`,
        `| habits | build, deploy | shared:src/shared | 1 | ${repository.first.slice(0, 7)} |`,
        `| worker | build, deploy | needs:habits | 2 | ${repository.first.slice(0, 7)} |\n`,
        `3 of 4 units changed for production up to ${String(context.outputs['commit']).slice(0, 7)}.\n\n`,
      ].join('\n'),
    );
  });

  test.each([
    ['the first of a branch', { before: ZEROS }, 'first push, there is no commit before it'],
    [
      'over a commit that is gone',
      { before: 'a'.repeat(40) },
      'commit aaaaaaa is neither here nor at origin',
    ],
    ['that names none', {}, 'push names no commit to compare with'],
  ])('%s counts everything as changed, and says why', async (_, event, because) => {
    using repository = project();

    const { outputs, logged } = await repository.detect({ event });

    expect(outputs).toMatchObject({ build: ['agent', 'habits', 'worker', 'mesh'], compose: true });
    expect(logged).toContainEqual({
      level: 'notice',
      message: `${because}: the units concerned count as changed altogether`,
    });
  });

  test.each([
    ['a newline', 'habits_service/a\nb.py'],
    ['a leading dash', 'habits_service/--help'],
    ['letters of other scripts', 'habits_service/文.py'],
    ['a command', 'habits_service/$(touch x).py'],
  ])('of a file name with %s counts', async (_, path) => {
    using repository = project();
    repository.commit(path);

    const { outputs } = await repository.detect({ event: { before: repository.first } });

    expect(outputs).toMatchObject({ build: ['habits', 'worker'] });
  });
});

describe('a pull request', () => {
  const pullRequest = (base: string, head: string) => ({
    env: { GITHUB_EVENT_NAME: 'pull_request', GITHUB_REF: 'refs/pull/7/merge', GITHUB_BASE_REF: 'main' },
    event: { pull_request: { number: 7, base: { sha: base }, head: { sha: head } } },
  });

  test('is compared with where it left its base, not with what was merged since', async () => {
    using repository = project();
    repository.git('checkout', '--quiet', '-b', 'feature');
    const head = repository.commit('src/agent_service/app.py');
    repository.git('checkout', '--quiet', 'main');
    const base = repository.commit('mesh/config.ts');
    repository.git('checkout', '--quiet', 'feature');

    const { outputs } = await repository.detect(pullRequest(base, head));

    expect(outputs).toMatchObject({ build: ['agent'], environment: 'production', tag: 'pr-7' });
  });

  test('is understood from its merge commit alone, though its base moved', async () => {
    using repository = project();
    repository.git('checkout', '--quiet', '-b', 'feature');
    const head = repository.commit('src/agent_service/app.py');
    repository.git('checkout', '--quiet', 'main');
    repository.commit('mesh/config.ts');
    repository.git('checkout', '--quiet', '-b', 'merged');
    repository.git('merge', '--quiet', '--no-ff', '--message=merge', 'feature');

    const { outputs } = await repository.detect(
      pullRequest(repository.first, head),
      repository.shallow('merged'),
    );

    expect(outputs).toMatchObject({ build: ['agent'] });
  });
});

describe('the base', () => {
  test('may be any commit or branch', async () => {
    using repository = project();
    repository.git('branch', 'stable');
    repository.commit('mesh/config.ts');

    const { outputs } = await repository.detect({ inputs: { base: 'stable' } });

    expect(outputs).toMatchObject({ build: ['mesh'] });
  });

  test('is each unit\'s own where "bases" names one', async () => {
    using repository = project();
    const second = repository.commit('src/agent_service/app.py', 'habits_service/app.py');
    const bases = JSON.stringify({ agent: second, habits: repository.first, mesh: '', worker: second });

    const { outputs } = await repository.detect({ inputs: { bases } });

    expect(outputs['units']).toMatchObject([
      { name: 'habits', reasons: ['paths: habits_service/app.py'] },
      { name: 'worker', reasons: ['needs:habits'] },
      { name: 'mesh', reasons: ['not deployed yet'] },
    ]);
  });

  test('is what serves each unit on Cloud Run, so that a deploy that failed is not forgotten', async () => {
    using repository = project();
    const second = repository.commit('habits_service/app.py', 'mesh/config.ts');
    await using cloud = await startLocalCloud({ containers: 'none' });
    await serve(cloud.url, 'agent', { 'fairlead-commit': second });
    await serve(cloud.url, 'habits-service', { 'fairlead-commit': repository.first });
    await serve(cloud.url, 'worker', {});

    const { outputs } = await repository.detect({
      inputs: { base: 'serving', project: 'p', region: 'r', registry: 'r-docker.pkg.dev/p/i' },
      env: { CLOUDSDK_API_ENDPOINT_OVERRIDES_RUN: `${cloud.url}/` },
    });

    expect(outputs['units']).toMatchObject([
      { name: 'habits', reasons: ['paths: habits_service/app.py'] },
      { name: 'worker', reasons: ['the serving commit is not known'] },
      { name: 'mesh', reasons: ['not deployed yet'] },
    ]);
  });

  test('"all" counts everything as changed', async () => {
    using repository = project();

    const { outputs } = await repository.detect({ inputs: { base: 'all', units: 'mesh, habits' } });

    expect(outputs).toMatchObject({ build: ['habits', 'mesh'], migrate: ['habits'], compose: true });
  });
});

describe('the environment', () => {
  test('is none for a branch that maps to none: it delivers nowhere and says so (EN-01)', async () => {
    using repository = project();
    const head = repository.commit('mesh/config.ts');

    const context = await repository.detect({
      env: { GITHUB_REF: 'refs/heads/feature/x' },
      event: { before: repository.first },
    });

    expect(context.outputs).toMatchObject({
      any: false,
      'build-any': false,
      'deploy-any': false,
      environment: '',
      tag: `feature-x-${head.slice(0, 7)}`,
    });
    expect(context.logged).toContainEqual({
      level: 'notice',
      message: '"feature/x" maps to no environment of fairlead.yaml, so nothing is delivered.',
    });
  });

  test('gives the services their suffix (EN-02)', async () => {
    using repository = project();
    repository.commit('habits_service/app.py');

    const { outputs } = await repository.detect({
      env: { GITHUB_REF: 'refs/heads/develop' },
      event: { before: repository.first },
    });

    expect(outputs).toMatchObject({
      environment: 'staging',
      units: [{ service: 'habits-service-auto' }, {}],
    });
  });
});

describe('bad input is told, and nothing is put out', () => {
  test.each([
    [
      { base: 'nothing' },
      'input "base" must be "auto", "all", "serving" or a commit: commit "nothing" is neither here nor at origin',
    ],
    [{ base: '--output=x' }, 'commit "--output=x" is neither here nor at origin'],
    [
      { head: 'nothing' },
      '"nothing" is no commit of this checkout; check out the commit that the run is about',
    ],
    [
      { units: 'habit' },
      'input "units" names "habit", which fairlead.yaml does not have; it has "agent", "habits", "worker", "mesh"; did you mean "habits"?',
    ],
    [
      { bases: '{"habit":""}' },
      'input "bases" names "habit", which fairlead.yaml does not have; it has "agent", "habits", "worker", "mesh"; did you mean "habits"?',
    ],
    [
      { bases: '["habits"]' },
      'input "bases" must be a JSON map of unit to commit, such as {"habits":"1a2b3c4"}, got "["habits"]"',
    ],
    [{ bases: '{"habits":null}' }, 'input "bases" must be a JSON map of unit to commit'],
    [{ environment: 'prod' }, 'fairlead.yaml has no environment "prod", it has "production", "staging"'],
    [{ manifest: 'other.yaml' }, 'the manifest "other.yaml" cannot be read'],
  ])('%j', async (inputs, message) => {
    using repository = project();

    await expect(repository.detect({ inputs, event: { before: repository.first } })).rejects.toThrow(message);
  });

  test('a malformed manifest', async () => {
    using repository = project('environments: {}\nunits: { habits: { kind: servce, paths: a } }\n');

    await expect(repository.detect({})).rejects.toThrow(
      'fairlead.yaml has an error: fairlead.yaml:2:26: unit "habits": kind must be one of',
    );
  });

  test('a folder that is no repository', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'fairlead-detect-'));
    writeFileSync(join(folder, 'fairlead.yaml'), MANIFEST);

    await expect(detectIn(folder, folder, {})).rejects.toThrow(
      `"${folder}" is not in a git repository; check out the code before this step`,
    );
    rmSync(folder, { recursive: true });
  });
});
