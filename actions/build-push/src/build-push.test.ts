import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

import { recordingContext } from '@fairlead/action-kit';
import { type Answered, type RegistryOptions, startRegistry } from '@fairlead/local-cloud';
import { describe, expect, test } from '@jest/globals';

import { buildPush } from './build-push.ts';

const SHA = 'abc1234def5678abc1234def5678abc1234def56';
const NEXT = 'fed4321def5678abc1234def5678abc1234def56';

const FILES = {
  'fairlead.yaml': `
project: acme
region: us-central1
registry: us-central1-docker.pkg.dev/acme-prod/services
environments:
  production: { branches: main }
units:
  web:
    kind: service
    paths: web/**
    image:
      name: web-app
      args: { GREETING: hello, NAME: manifest }
      pack:
        base: scratch
        prepare: 'echo "$GREETING $NAME" > web/greeting'
        files: [web]
        command: [node, web/main.mjs]
  api:
    kind: service
    paths: api/**
    image: { dockerfile: api/Dockerfile }
  legacy:
    kind: external
    paths: legacy/**
`,
  'web/main.mjs': 'serve()',
};

interface Run {
  readonly inputs?: Readonly<Record<string, string>>;
  readonly env?: Readonly<Record<string, string>>;
}

async function setting(options: Partial<RegistryOptions> = {}) {
  const home = await mkdtemp(join(tmpdir(), 'build-push-'));
  const workspace = join(home, 'workspace');
  const answered: Answered[] = [];
  const onAnswer = (answer: Answered) => answered.push(answer);
  const running = await startRegistry({ folder: join(home, 'registry'), onAnswer, ...options });
  for (const [path, content] of Object.entries(FILES)) {
    await mkdir(dirname(join(workspace, path)), { recursive: true });
    await writeFile(join(workspace, path), content);
  }
  return {
    workspace,
    address: running.address,
    answered,
    writes: () => answered.filter(({ method }) => method !== 'GET' && method !== 'HEAD'),
    context: ({ inputs, env }: Run = {}) =>
      recordingContext({
        inputs: { unit: 'web', registry: `${running.address}/acme/services`, ...inputs },
        env: {
          GITHUB_WORKSPACE: workspace,
          GITHUB_REF: 'refs/heads/main',
          GITHUB_SHA: SHA,
          GITHUB_SERVER_URL: 'https://github.com',
          GITHUB_REPOSITORY: 'acme/shop',
          HOME: home,
          // No docker is on it: what is tried here is what needs no engine.
          PATH: '/bin',
          ...env,
        },
      }),
    json: async (path: string) =>
      (await (await fetch(`http://${running.address}/v2/${path}`)).json()) as Record<string, unknown>,
    [Symbol.asyncDispose]: async () => {
      await running.close();
      await rm(home, { recursive: true, force: true });
    },
  };
}

const PULL_REQUEST = {
  GITHUB_EVENT_NAME: 'pull_request',
  GITHUB_REF: 'refs/pull/123/merge',
  GITHUB_BASE_REF: 'main',
};

test('a unit is built and pushed under its branch and commit, and named by its digest (BP-04, BP-18)', async () => {
  await using local = await setting();
  const context = local.context();

  await buildPush(context);

  const { digest } = context.outputs;
  expect(digest).toMatch(/^sha256:[0-9a-f]{64}$/);
  expect(context.outputs).toEqual({
    image: `${local.address}/acme/services/web-app@${String(digest)}`,
    digest,
    'platform-digest': digest,
    tag: 'main-abc1234',
    tags: [`${local.address}/acme/services/web-app:main-abc1234`],
    builder: 'pack',
    reused: false,
  });
  expect(context.logged.at(-1)?.message).toMatch(
    new RegExp(`web-app:main-abc1234 was built with pack and pushed as ${String(digest)} in `),
  );
  expect(context.renderedSummary()).toContain('docker push');
});

test('the image says its commit and its repository', async () => {
  await using local = await setting();

  await buildPush(local.context());

  const { config } = await local.json('acme/services/web-app/manifests/main-abc1234');
  const { digest } = config as { digest: string };
  const settings = await local.json(`acme/services/web-app/blobs/${digest}`);
  expect(settings['config']).toMatchObject({
    Cmd: ['node', 'web/main.mjs'],
    Labels: {
      'org.opencontainers.image.revision': SHA,
      'org.opencontainers.image.source': 'https://github.com/acme/shop',
    },
  });
});

test('an image that the commit has is not built again, which takes two requests and no write', async () => {
  await using local = await setting();
  const first = local.context();
  await buildPush(first);
  local.answered.length = 0;
  await writeFile(join(local.workspace, 'web/main.mjs'), 'changed by an earlier step');
  const again = local.context();

  await buildPush(again);

  expect(again.outputs).toEqual({ ...first.outputs, builder: 'none', reused: true });
  expect(local.answered.map(({ method }) => method)).toEqual(['GET', 'GET']);
  expect(again.logged.at(-1)?.message).toBe(
    `${local.address}/acme/services/web-app:main-abc1234 is there already for this commit: nothing was built.`,
  );
});

test('a tag of another commit is not moved (BP-04)', async () => {
  await using local = await setting();
  const first = local.context({ inputs: { tag: 'main-initial' } });
  await buildPush(first);
  local.answered.length = 0;

  await expect(
    buildPush(local.context({ inputs: { tag: 'main-initial' }, env: { GITHUB_SHA: NEXT } })),
  ).rejects.toThrow(
    `tag main-initial names ${String(first.outputs['digest'])} already, built from commit ${SHA}, and is not moved to commit ${NEXT}`,
  );
  expect(local.writes()).toEqual([]);
});

test('a pull request builds and writes nothing to the registry (BP-02)', async () => {
  await using local = await setting();
  const context = local.context({ env: PULL_REQUEST });

  await buildPush(context);

  expect([context.outputs['tag'], context.outputs['tags'], local.answered]).toEqual(['pr-123', [], []]);
  expect(context.logged.at(-1)?.message).toContain('web-app:pr-123 was built with pack in');
});

test.each([
  [{ GITHUB_REF: 'refs/heads/hotfix/login' }, 'hotfix-abc1234'],
  [{ GITHUB_REF: 'refs/tags/v1.2.3' }, 'v1.2.3-abc1234'],
  [{ GITHUB_REF: 'refs/heads/Feature/X' }, 'feature-x-abc1234'],
])('on %j the tag is %s (BP-08)', async (env, tag) => {
  await using local = await setting();
  const context = local.context({ env, inputs: { environment: 'production', push: 'false' } });

  await buildPush(context);

  expect(context.outputs['tag']).toBe(tag);
});

test("build arguments are the manifest's, with those of the input over them", async () => {
  await using local = await setting();
  const context = local.context({ inputs: { 'build-args': 'NAME=input\nMORE=x' } });
  const plain = local.context({ inputs: { tag: 'plain' } });

  await buildPush(context);
  await buildPush(plain);

  expect(context.outputs['digest']).not.toBe(plain.outputs['digest']);
});

test('an image is built without a manifest', async () => {
  await using local = await setting();
  const context = local.context({
    inputs: {
      image: `${local.address}/acme/tools/job`,
      context: 'web',
      files: '*.mjs',
      command: '["node","main.mjs"]',
    },
  });

  await buildPush(context);

  expect(context.outputs['image']).toBe(
    `${local.address}/acme/tools/job@${String(context.outputs['digest'])}`,
  );
});

describe('nothing is asked of the registry', () => {
  test.each<[string, Run, string]>([
    [
      'without a unit',
      { inputs: { unit: '' } },
      'input "unit" is required and is empty; without a manifest, name the "image" instead',
    ],
    [
      'for an unknown unit',
      { inputs: { unit: 'wep' } },
      'names "wep", which fairlead.yaml does not have; it has "web", "api", "legacy"; did you mean "web"?',
    ],
    [
      'for a unit that something else builds',
      { inputs: { unit: 'legacy' } },
      'unit "legacy" has no image to build: it is external',
    ],
    [
      'for an unknown builder',
      { inputs: { builder: 'kaniko' } },
      'input "builder" must be one of "auto", "buildx", "docker", "pack", got "kaniko"',
    ],
    [
      'for a tag that is none',
      { inputs: { tag: 'a b' } },
      'input "tag": "a b" is no image tag: expected 1 to 128 letters',
    ],
    ['for an image that is none', { inputs: { image: 'Web' } }, 'input "image": "Web" is no image name'],
    [
      'for an image with a tag',
      { inputs: { image: 'a.example/web:v1' } },
      'input "image" must name the image without a tag and a digest',
    ],
    ['for a registry that is no host', { inputs: { registry: '-x.example/a' } }, '"-x.example" is no host'],
    [
      'for a branch that maps to nothing',
      { env: { GITHUB_REF: 'refs/heads/feature' } },
      '"refs/heads/feature" maps to no environment of fairlead.yaml',
    ],
    [
      'where no commit is known',
      { env: { GITHUB_SHA: '' } },
      'input "tag" is required where no branch and commit are known',
    ],
    [
      'for half a commit',
      { env: { GITHUB_SHA: 'abc1234' } },
      'GITHUB_SHA must be 40 hexadecimal digits, got "abc1234"',
    ],
    [
      'for a command that is no list',
      { inputs: { image: 'a.example/web', files: 'web', command: '"node"' } },
      'input "command" must be a JSON list of words, got "node"',
    ],
  ])('%s', async (_, run, message) => {
    await using local = await setting();

    await expect(buildPush(local.context(run))).rejects.toThrow(message);
    expect(local.answered).toEqual([]);
  });
});

describe('nothing is written to the registry', () => {
  test.each<[string, Run, string]>([
    ['without a Dockerfile', { inputs: { unit: 'api' } }, 'no builder can be used: the Dockerfile "'],
    [
      'without docker',
      { inputs: { builder: 'docker' } },
      'builder "docker" cannot be used: the Dockerfile "',
    ],
    [
      'without pack settings',
      { inputs: { unit: 'api', builder: 'pack' } },
      'builder "pack" cannot be used: there are no "pack" settings',
    ],
  ])('%s', async (_, run, message) => {
    await using local = await setting();

    await expect(buildPush(local.context(run))).rejects.toThrow(message);
    expect(local.writes()).toEqual([]);
  });

  test.each([401, 403, 429, 500])('by a registry that answers %s', async (status) => {
    await using local = await setting({ fault: () => ({ status }) });
    const context = local.context();

    await expect(buildPush(context)).rejects.toThrow(
      `registry ${local.address} refuses to resolve ${local.address}/acme/services/web-app:main-abc1234: ${status}`,
    );
    expect([local.writes(), context.outputs]).toEqual([[], {}]);
  });

  test('by a registry that cannot be reached', async () => {
    await using local = await setting();
    const context = local.context({ inputs: { registry: '127.0.0.1:2/acme' } });

    await expect(buildPush(context)).rejects.toThrow(
      'registry 127.0.0.1:2 cannot be reached to resolve 127.0.0.1:2/acme/web-app:main-abc1234 (ECONNREFUSED)',
    );
    expect(context.outputs).toEqual({});
  });
});
