import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { type LocalCloud, startLocalCloud } from '@fairlead/local-cloud';
import { describe, expect, test } from '@jest/globals';

import { runBundle } from './run-bundle.ts';

const SERVING = `(await import('node:http')).createServer((_, to) => to.end('as before')).listen(process.env.PORT, '127.0.0.1');`;
const SERVICES = '/v2/projects/acme/locations/us-central1/services';

/** A cloud of real processes in which `web` serves; a person has given it a startup probe that ends after two seconds. */
async function scene() {
  await using opened = new AsyncDisposableStack();
  const folder = await mkdtemp(join(tmpdir(), 'fairlead-never-starts-'));
  opened.defer(() => rm(folder, { recursive: true, force: true }));
  const cloud = opened.use(await startLocalCloud({ containers: 'process', folder: join(folder, 'cloud') }));
  const shop: Shop = { cloud, folder };
  await build(shop, { tag: 'good', program: SERVING });
  await createByHand(shop);
  const everything = opened.move();
  return { ...shop, [Symbol.asyncDispose]: () => everything.disposeAsync() };
}

interface Shop {
  readonly cloud: LocalCloud;
  readonly folder: string;
}

async function build({ cloud, folder }: Shop, image: { readonly tag: string; readonly program: string }) {
  const workspace = join(folder, image.tag);
  await mkdir(join(workspace, 'app'), { recursive: true });
  await writeFile(join(workspace, 'app/main.mjs'), image.program);
  const ended = await runBundle(
    'build-push',
    {
      image: `${cloud.registry}/acme/web`,
      tag: image.tag,
      builder: 'pack',
      files: 'app',
      command: '["node","app/main.mjs"]',
    },
    { GITHUB_WORKSPACE: workspace, GITHUB_SHA: 'c'.repeat(40), GITHUB_REPOSITORY: 'acme/shop' },
  );
  if (ended.code !== 0) throw new Error(ended.stdout);
}

async function createByHand({ cloud }: Shop): Promise<void> {
  const startupProbe = {
    tcpSocket: { port: 8080 },
    periodSeconds: 1,
    timeoutSeconds: 1,
    failureThreshold: 2,
  };
  const image = `${cloud.registry}/acme/web:good`;
  await fetch(`${cloud.url}${SERVICES}?serviceId=web`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ template: { containers: [{ image, startupProbe }] } }),
  });
  await cloud.idle();
  const { terminalCondition } = (await (await fetch(`${cloud.url}${SERVICES}/web`)).json()) as Live;
  if (terminalCondition.state !== 'CONDITION_SUCCEEDED') throw new Error(terminalCondition.message);
}

function stage({ cloud }: Shop, tag: string) {
  return runBundle(
    'deploy-cloud-run',
    {
      service: 'web',
      project: 'acme',
      region: 'us-central1',
      image: `${cloud.registry}/acme/web:${tag}`,
      tag: 'main-1a2b3c4',
      commit: '1a2b3c4d5e6f708192a3b4c5d6e7f8091a2b3c4d',
    },
    { CLOUDSDK_API_ENDPOINT_OVERRIDES_RUN: cloud.url },
  );
}

interface Live {
  readonly latestReadyRevision: string;
  readonly terminalCondition: { readonly state: string; readonly message?: string };
  readonly uri: string;
  readonly trafficStatuses: readonly { readonly revision?: string; readonly percent?: number }[];
}

async function live({ cloud }: Shop): Promise<Live> {
  return (await (await fetch(`${cloud.url}${SERVICES}/web`)).json()) as Live;
}

describe('what cannot serve is refused, and what served still serves', () => {
  test.each([
    [
      'listens on a port of its own choice',
      `(await import('node:http')).createServer().listen(0, '127.0.0.1');`,
      'failed to start and listen on the port',
    ],
    ['ends at once', `process.exit(3);`, 'Container called exit(3).'],
  ])('a container that %s', async (_, program, message) => {
    await using shop = await scene();
    const before = (await live(shop)).latestReadyRevision.split('/').at(-1);
    await build(shop, { tag: 'bad', program });

    const { code, stdout, outputs } = await stage(shop, 'bad');

    const after = await live(shop);
    expect({ code, outputs }).toEqual({ code: 1, outputs: '' });
    expect(stdout).toContain(message);
    expect(after.trafficStatuses).toEqual([expect.objectContaining({ revision: before, percent: 100 })]);
    expect(await (await fetch(after.uri)).text()).toBe('as before');
  });

  test('an image that does not exist: nothing is written', async () => {
    await using shop = await scene();
    const calls = shop.cloud.calls().length;

    const { code, stdout } = await stage(shop, 'no-such-tag');

    expect(code).toBe(1);
    expect(stdout).toContain(`${shop.cloud.registry}/acme/web:no-such-tag does not exist; build it first`);
    expect(
      shop.cloud
        .calls()
        .slice(calls)
        .filter(({ method }) => method !== 'GET'),
    ).toEqual([]);
  });
});
