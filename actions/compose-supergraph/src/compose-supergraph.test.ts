import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { recordingContext } from '@fairlead/action-kit';
import { cloudRun } from '@fairlead/cloud-run';
import { startLocalCloud } from '@fairlead/local-cloud';
import { cloudStorage } from '@fairlead/storage';
import { describe, expect, test } from '@jest/globals';

import { composeSupergraph } from './compose-supergraph.ts';

type Files = Readonly<Record<string, string>>;

const MANIFEST = `
project: acme
region: us-central1
registry: registry.example
supergraph-bucket: acme-graphs
environments: { production: { branches: main, suffix: -auto } }
units:
  habits: { kind: service, paths: habits/**, subgraph: { name: habits, schema: habits.graphql } }
  users: { kind: service, paths: users/**, subgraph: { name: users, schema: users.graphql, path: /query } }
  gateway: { kind: gateway, paths: gateway/** }
`;
const LINK =
  'extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@shareable"])\n';
const HABITS = `${LINK}type Query { habits: [Habit!]! }\ntype Habit @key(fields: "id") { id: ID! }\n`;
const USERS = `${LINK}type Query { me: User }\ntype User @key(fields: "id") { id: ID! name: String! }\n`;
const FILES: Files = { 'fairlead.yaml': MANIFEST, 'habits.graphql': HABITS, 'users.graphql': USERS };
const URLS = {
  'routing-urls': JSON.stringify({
    habits: 'https://habits.example/graphql',
    users: 'https://users.example/graphql',
  }),
};
const PLACE = { project: 'acme', region: 'us-central1' };

/** A repository, a local cloud, and the action between them. */
async function bench(changes: Files = {}) {
  const cloud = await startLocalCloud({ containers: 'none' });
  const folder = mkdtempSync(join(tmpdir(), 'fairlead-compose-'));
  const put = (files: Files) => {
    for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  };
  put({ ...FILES, ...changes });
  const env = {
    CLOUDSDK_API_ENDPOINT_OVERRIDES_RUN: cloud.url,
    CLOUDSDK_API_ENDPOINT_OVERRIDES_STORAGE: cloud.url,
    GITHUB_WORKSPACE: folder,
    GITHUB_REF: 'refs/heads/main',
    RUNNER_TEMP: folder,
  };
  const contextFor = (inputs: Files) => recordingContext({ inputs, env });
  const run = cloudRun(contextFor({}));
  return {
    cloud,
    folder,
    put,
    contextFor,
    storage: cloudStorage(contextFor({})),
    run: async (inputs: Files) => {
      const context = contextFor(inputs);
      await composeSupergraph(context);
      return context;
    },
    deploy: async (
      service: string,
      env: readonly { readonly name: string; readonly value: string }[] = [],
    ) => {
      const name = { ...PLACE, service };
      const template = { containers: [{ image: 'registry.example/x', env }] };
      const written = await run.createService(name, { template });
      const settled = await run.settle(name, { written, deadlineMs: 10_000 });
      return settled.kind === 'settled' ? settled.service.uri : undefined;
    },
    writes: () =>
      cloud.calls().filter(({ method, path }) => method !== 'GET' && !path.endsWith(':wait')).length,
    [Symbol.asyncDispose]: async () => {
      rmSync(folder, { recursive: true });
      await cloud.close();
    },
  };
}

describe('a supergraph', () => {
  test('is stored under its digest, and the gateway is to be pinned to it (SG-05, X-04)', async () => {
    await using t = await bench();

    const { outputs } = await t.run(URLS);

    const digest = String(outputs['digest']);
    const object = `supergraphs/${digest}.graphql`;
    const url = `${t.cloud.url}/acme-graphs/${object}`;
    expect(outputs).toEqual({
      digest,
      object,
      url,
      changed: true,
      'unit-env': { gateway: { SUPERGRAPH_URL: url } },
      file: join(t.folder, 'supergraph.graphql'),
    });
    expect(await (await fetch(url)).text()).toBe(readFileSync(join(t.folder, 'supergraph.graphql'), 'utf8'));
  });

  test('that is composed again writes nothing and has the same digest (SG-03)', async () => {
    await using t = await bench();
    const first = await t.run(URLS);
    const facts = await t.storage.stat({ bucket: 'acme-graphs', object: String(first.outputs['object']) });

    const second = await t.run(URLS);

    expect(second.outputs['digest']).toBe(first.outputs['digest']);
    expect(await t.storage.stat({ bucket: 'acme-graphs', object: String(second.outputs['object']) })).toEqual(
      facts,
    );
  });

  test('names the URLs of the live services, with the path of the subgraph', async () => {
    await using t = await bench();
    const habits = (await t.deploy('habits-auto')) ?? '';
    const users = (await t.deploy('users-auto')) ?? '';

    await t.run({});

    const sdl = readFileSync(join(t.folder, 'supergraph.graphql'), 'utf8');
    expect(sdl).toContain(`@join__graph(name: "habits", url: "${habits}/graphql")`);
    expect(sdl).toContain(`@join__graph(name: "users", url: "${users}/query")`);
  });

  test('of services that do not exist yet can name their deterministic URLs', async () => {
    await using t = await bench();

    await t.run({ routing: 'deterministic', 'project-number': '123456' });

    const sdl = readFileSync(join(t.folder, 'supergraph.graphql'), 'utf8');
    expect(sdl).toContain('url: "https://users-auto-123456.us-central1.run.app/query"');
  });

  test('is unchanged when the gateway serves with it, and changed when it serves with another', async () => {
    await using t = await bench();
    const { outputs } = await t.run(URLS);
    await t.deploy('gateway-auto', [{ name: 'SUPERGRAPH_URL', value: String(outputs['url']) }]);

    const same = await t.run(URLS);
    t.put({ 'users.graphql': USERS.replace('name: String!', 'name: String! age: Int') });
    const other = await t.run(URLS);

    expect([same.outputs['changed'], other.outputs['changed']]).toEqual([false, true]);
  });

  test('counts as changed, with a warning, where the gateway cannot be read', async () => {
    await using t = await bench();
    t.cloud.addFaults({ match: { path: 'services/gateway-auto' }, effect: 'status', status: 403, times: 9 });

    const context = await t.run(URLS);

    expect(context.outputs['changed']).toBe(true);
    expect(context.logged.filter(({ level }) => level === 'warning')).toHaveLength(1);
  });

  test.each(['drop-reply', 'apply-then-503', 'fail-before'] as const)(
    'is stored once when the reply is lost ("%s")',
    async (effect) => {
      await using t = await bench();
      t.cloud.addFaults({ match: { path: '^/upload/' }, effect });

      const { outputs } = await t.run(URLS);

      expect(
        await t.storage.stat({ bucket: 'acme-graphs', object: String(outputs['object']) }),
      ).toBeDefined();
    },
  );
});

describe('a pull request', () => {
  test('is validated without any call to a cloud (SG-06)', async () => {
    await using t = await bench();

    const { outputs } = await t.run({ publish: 'false' });

    expect(outputs).toEqual({ file: join(t.folder, 'supergraph.graphql') });
    expect(t.cloud.calls()).toEqual([]);
  });

  test('with conflicting types is red, annotated in both schemas’ terms, and stores nothing (SG-06, SG-07)', async () => {
    const conflicting = `${LINK}type Query { habits: [ID!]! }\ntype User @key(fields: "id") {\n  id: ID!\n  name: Int! @shareable\n}\n`;
    await using t = await bench({
      'habits.graphql': conflicting,
      'users.graphql': USERS.replace('name: String!', 'name: String! @shareable'),
    });
    const context = t.contextFor({ publish: 'false' });

    await expect(composeSupergraph(context)).rejects.toThrow(
      'the subgraphs do not compose: an error: habits.graphql:5:3: Type of field "User.name" is incompatible across subgraphs',
    );

    expect(context.logged.filter(({ level }) => level === 'error')).toEqual([
      {
        level: 'error',
        message:
          'Type of field "User.name" is incompatible across subgraphs: it has type "Int!" in subgraph "habits" but type "String!" in subgraph "users" (see also users.graphql:3:40)',
        place: { file: 'habits.graphql', line: 5, column: 3, title: 'FIELD_TYPE_MISMATCH' },
      },
    ]);
    expect(context.outputs).toEqual({});
  });
});

describe('bad input stores nothing', () => {
  test.each([
    [
      {},
      'services "habits-auto", "users-auto" have no URL yet, because nothing was deployed there: compose after the services were staged, set input "routing" to "deterministic" with "project-number", or name the URLs by input "routing-urls"',
    ],
    [{ routing: 'deterministic' }, 'input "project-number" must be the number of the project (not its ID)'],
    [{ routing: 'guess' }, 'input "routing" must be one of "live", "deterministic", got "guess"'],
    [
      { 'routing-urls': '{"habit":"https://x"}' },
      'input "routing-urls" names subgraph "habit", which the manifest does not have; expected habits, users',
    ],
    [
      { 'routing-urls': '{"habits":"gs://x"}' },
      'input "routing-urls" must map to http or https URLs, got "gs://x" at "habits"',
    ],
    [{ bucket: 'gs://graphs' }, 'input "bucket" must be the name of a bucket, without gs:// and folders'],
    [{ publish: 'no' }, 'input "publish" must be "true" or "false", got "no"'],
  ])('%j', async (inputs, message) => {
    await using t = await bench();

    await expect(t.run(inputs)).rejects.toThrow(message);

    expect(t.writes()).toBe(0);
  });

  test('an environment without a bucket', async () => {
    await using t = await bench({
      'fairlead.yaml': MANIFEST.replace('supergraph-bucket: acme-graphs\n', ''),
    });

    await expect(t.run(URLS)).rejects.toThrow('environment "production" has no bucket for supergraphs');

    expect(t.cloud.calls()).toEqual([]);
  });

  test('schemas that cannot be read, all at once', async () => {
    await using t = await bench({
      'fairlead.yaml': MANIFEST.replace('habits.graphql', 'h.graphql').replace('users.graphql', 'u.graphql'),
    });

    await expect(t.run(URLS)).rejects.toThrow(
      /unit "habits": the schema "h\.graphql" cannot be read .*; unit "users": the schema "u\.graphql" cannot be read/,
    );

    expect(t.cloud.calls()).toEqual([]);
  });

  test.each([403, 404, 429, 500])('a storage that keeps answering %i', async (status) => {
    await using t = await bench();
    t.cloud.addFaults({ match: { path: '^/upload/' }, effect: 'status', status, times: 50 });
    const context = t.contextFor(URLS);

    await expect(composeSupergraph(context)).rejects.toThrow(`the API answered ${status}`);

    expect(context.outputs['unit-env']).toBeUndefined();
  });
});

test('a repository without subgraphs has nothing to compose, which is no failure', async () => {
  const plain = MANIFEST.replace(/, subgraph: \{[^}]*\}/g, '');
  await using t = await bench({ 'fairlead.yaml': plain });

  const { outputs } = await t.run({});

  expect(outputs).toEqual({ changed: false, 'unit-env': {} });
});
