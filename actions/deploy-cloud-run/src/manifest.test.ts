import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { recordingContext } from '@fairlead/action-kit';
import { startLocalCloud } from '@fairlead/local-cloud';
import { stageRelease } from './stage-release.ts';

const SHA = '1a2b3c4d5e6f708192a3b4c5d6e7f8091a2b3c4d';
const PARENT = '/v2/projects/acme/locations/us-central1/services';

const manifest = (registry: string) => `
project: acme
region: us-central1
registry: ${registry}/acme
environments:
  production: { branches: main }
  staging: { branches: develop, suffix: -auto, region: us-east4 }
units:
  habits: { kind: service, paths: habits/**, run: { memory: 1Gi, secrets: { DATABASE_URL: 'database-url:latest' } } }
  journal: { kind: service, paths: journal/** }
  billing: { kind: external, paths: billing/** }
  gateway: { kind: gateway, paths: gateway/** }
`;

/** A workspace with the manifest, a cloud, and in its registry an image `main-1a2b3c4` for each of these names. */
async function scene(...images: readonly string[]) {
  const cloud = await startLocalCloud({ containers: 'none', secrets: { 'database-url': 'postgres://' } });
  const folder = mkdtempSync(join(tmpdir(), 'fairlead-deploy-'));
  writeFileSync(join(folder, 'fairlead.yaml'), manifest(cloud.registry));
  for (const image of images) await pushImage(cloud.registry, image);
  return {
    cloud,
    stage: async (inputs: Readonly<Record<string, string>> = {}, ref = 'refs/heads/main') => {
      const context = recordingContext({
        inputs,
        env: {
          CLOUDSDK_API_ENDPOINT_OVERRIDES_RUN: cloud.url,
          GITHUB_WORKSPACE: folder,
          GITHUB_REF: ref,
          GITHUB_SHA: SHA,
        },
      });
      const failed = await stageRelease(context).then(
        () => undefined,
        (thrown: unknown) => (thrown instanceof Error ? thrown.message : String(thrown)),
      );
      return { ...context, failed };
    },
    get: async (path: string) =>
      (await (await fetch(`${cloud.url}${path}`)).json()) as Readonly<Record<string, unknown>>,
    [Symbol.asyncDispose]: async () => {
      rmSync(folder, { recursive: true });
      await cloud.close();
    },
  };
}

/** The smallest image there is: a manifest whose configuration is empty. */
async function pushImage(registry: string, name: string): Promise<void> {
  const base = `http://${registry}/v2/acme/${name}`;
  const config = '{}';
  const digest = 'sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a';
  const upload = await fetch(`${base}/blobs/uploads/`, { method: 'POST' });
  const place = new URL(upload.headers.get('location') ?? '', base);
  place.searchParams.set('digest', digest);
  await fetch(place, { method: 'PUT', body: config });
  const mediaType = 'application/vnd.oci.image.manifest.v1+json';
  const put = await fetch(`${base}/manifests/main-1a2b3c4`, {
    method: 'PUT',
    headers: { 'content-type': mediaType },
    body: JSON.stringify({
      schemaVersion: 2,
      mediaType,
      config: { mediaType: 'application/vnd.oci.image.config.v1+json', digest, size: config.length },
      layers: [],
    }),
  });
  if (!put.ok) throw new Error(await put.text());
}

describe('units of a manifest', () => {
  test('are staged together, each by the digest of its image, and external ones are left out', async () => {
    await using world = await scene('habits', 'journal', 'gateway');

    const { failed, outputs } = await world.stage();

    expect(failed).toBeUndefined();
    expect(outputs['release']).toMatchObject([
      { unit: 'habits', kind: 'service', version: 'main-1a2b3c4' },
      {
        unit: 'journal',
        kind: 'service',
        image: expect.stringMatching(/acme\/journal@sha256:[0-9a-f]{64}$/),
      },
      { unit: 'gateway', kind: 'gateway', tag: 'c-1a2b3c4' },
    ]);
    expect(await world.get(`${PARENT}/habits`)).toMatchObject({
      template: {
        containers: [
          {
            resources: { limits: { memory: '1Gi' } },
            env: [
              {
                name: 'DATABASE_URL',
                valueSource: { secretKeyRef: { secret: 'database-url', version: 'latest' } },
              },
              { name: 'IMAGE_TAG', value: 'main-1a2b3c4' },
            ],
          },
        ],
      },
    });
  });

  test('whose images do not exist are all named, and nothing is written (CR-12)', async () => {
    await using world = await scene('gateway');

    const { failed } = await world.stage();

    expect(failed).toMatch(
      /^unit "habits": image \S+\/acme\/habits:main-1a2b3c4 does not exist; build it first, .+; unit "journal": image \S+ does not exist/,
    );
    expect(world.cloud.calls()).toEqual([]);
  });

  test('of which one does not start: it is named, and the others stay staged at 0 %', async () => {
    await using world = await scene('habits', 'journal', 'gateway');
    await world.stage();
    world.cloud.addFaults({ match: { service: 'journal' }, effect: 'start-fails', message: 'it crashed' });

    const { failed, outputs } = await world.stage({ env: 'LOG_LEVEL=debug' });

    expect(failed).toMatch(/^unit "journal": revision journal-\w+ is not ready .*it crashed/);
    expect(outputs).toEqual({});
    expect(await world.get(`${PARENT}/habits`)).toMatchObject({
      traffic: [{ percent: 100 }, { tag: 'c-1a2b3c4' }],
    });
  });

  test('get the variables that were told for them alone', async () => {
    await using world = await scene('habits', 'gateway');

    await world.stage({
      units: '["habits","gateway"]',
      'unit-env': '{"gateway":{"SUPERGRAPH_URL":"http://127.0.0.1:1/supergraph"}}',
    });

    expect(JSON.stringify(await world.get(`${PARENT}/gateway`))).toContain('SUPERGRAPH_URL');
    expect(JSON.stringify(await world.get(`${PARENT}/habits`))).not.toContain('SUPERGRAPH_URL');
  });

  test('of another branch go where its environment says (CR-17, CR-18)', async () => {
    await using world = await scene('habits');

    await world.stage({ units: 'habits', tag: 'main-1a2b3c4' }, 'refs/heads/develop');

    expect(await world.get('/v2/projects/acme/locations/us-east4/services/habits-auto')).toMatchObject({
      name: 'projects/acme/locations/us-east4/services/habits-auto',
    });
  });

  test('that are none are no failure', async () => {
    await using world = await scene();

    const { failed, outputs } = await world.stage({ units: '[]' });

    expect([failed, outputs['release']]).toEqual([undefined, []]);
  });

  test('that a map misspells are refused', async () => {
    await using world = await scene();

    const { failed } = await world.stage({ 'unit-env': '{"gatway":{"A":"b"}}' });

    expect(failed).toBe(
      'input "unit-env" names unit "gatway", which is not deployed here; expected habits, journal, gateway',
    );
  });
});

describe('a unit whose image this run did not build', () => {
  test('keeps the image and version that serve, even after a release that failed', async () => {
    await using at = await scene('gateway');
    await at.stage({ units: 'gateway' });
    at.cloud.addFaults({ match: { service: 'gateway' }, effect: 'start-fails' });
    await at.stage({
      units: 'gateway',
      images: `{"gateway":"${at.cloud.registry}/acme/gateway@sha256:${'b'.repeat(64)}"}`,
    });

    const { failed, outputs } = await at.stage({
      units: '["gateway"]',
      built: '["habits"]',
      tag: 'main-9999999',
      'unit-env': '{"gateway":{"SUPERGRAPH_URL":"http://127.0.0.1/x"}}',
    });

    expect(failed).toBeUndefined();
    expect(outputs['release']).toMatchObject([{ unit: 'gateway', version: 'main-1a2b3c4' }]);
    expect(JSON.stringify(outputs['release'])).not.toContain('b'.repeat(64));
  });

  test('is refused when nothing serves yet', async () => {
    await using at = await scene();

    const { failed } = await at.stage({ units: 'gateway', built: '[]' });

    expect(failed).toBe(
      'unit "gateway": this run built no image and service gateway serves none; build the unit first, or name its image by input "images"',
    );
  });
});
