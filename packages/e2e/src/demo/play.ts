import { join } from 'node:path';

import { freePort } from '../free-port.ts';
import { startPostgres } from '../postgres.ts';
import { baseImages } from './base-image.ts';
import { type Cloud, startCloud } from './cloud.ts';
import type { Engine } from './engine.ts';
import { removeImages, warmUpEngine } from './engine-images.ts';
import type { Load } from './load.ts';
import { dropHalfMade } from './own-folder.ts';
import type { Progress } from './progress.ts';
import { createRepository, type Repository } from './repository.ts';
import { workFolder } from './root.ts';
import type { LiveService } from './seen.ts';
import { tell } from './story.ts';
import { warmUp } from './warm-up.ts';

/** Packages of the example, kept from one run to the next. */
const buildCache = join(workFolder, '../build-cache');

/** What the play is given: who runs containers, where to say what happens, and what to count and to stop. */
export interface Play {
  readonly engine: Engine | undefined;
  readonly progress: Progress;
  readonly cleanUp: AsyncDisposableStack;
  readonly requests: { total: number; failed: number };
  readonly signal: AbortSignal;
}

/** Sets everything up, tells the story and returns what is live at its end; all that it starts is stopped with `cleanUp`. */
export async function play({
  engine,
  progress,
  cleanUp,
  requests,
  signal,
}: Play): Promise<readonly LiveService[]> {
  const env = { ...process.env, ...(engine?.host === undefined ? {} : { DOCKER_HOST: engine.host }) };
  // The same one each time, where it is free: it stands in the manifest, and images are found again by the commit.
  const gatewayPort = await freePort(27_400);
  let cloud: Cloud | undefined;
  await progress.step('Start PostgreSQL and the local cloud', async () => {
    const postgres = cleanUp.use(await startPostgres(join(workFolder, 'postgres')));
    const started = await startCloud({
      containers: engine === undefined ? 'process' : 'docker',
      folder: join(workFolder, '../cloud'),
      servicePorts: { 'mesh-gateway': gatewayPort },
      env,
      onDeath: (message) => progress.say(message),
    });
    if (engine !== undefined) cleanUp.defer(() => removeImages(started.registry, env));
    cleanUp.defer(() => started.stop());
    await started.setSecret('habits-database-url', await postgres.database('habits'));
    cloud = started;
    return `cloud ${started.url}, registry ${started.registry}, PostgreSQL on port ${postgres.port}`;
  });
  if (cloud === undefined) throw new Error('the local cloud did not start');
  signal.throwIfAborted();
  const repository = await createRepository(
    join(workFolder, 'repository'),
    `http://127.0.0.1:${gatewayPort}`,
  );
  if (engine === undefined) {
    await progress.step('Fetch the packages of the example', async (say) => {
      await dropHalfMade(buildCache);
      return warmUp({ repository: repository.folder, cache: buildCache, signal, say });
    });
  }
  const loads: Load[] = [];
  const stage = {
    repository,
    vars: await variables(cloud, { engine, env, progress, repository, signal }),
    env: runnerEnv(cloud, env),
    signal,
  };
  try {
    return await tell({
      stage,
      cloud,
      progress,
      first: repository.first,
      onLoad: (load) => loads.push(load),
    });
  } finally {
    for (const load of loads) Object.assign(requests, await load.stop());
    for (const failure of loads.flatMap((load) => load.failures()))
      progress.say(`failed request: ${failure}`);
  }
}

/** What differs on this machine from a repository on GitHub, said where it would be said there. */
async function variables(cloud: Cloud, facts: Facts): Promise<Readonly<Record<string, string>>> {
  const shared = { REGISTRY: `${cloud.registry}/mindmirror/services`, ROLLOUT_INTERVAL: '1s' };
  return facts.engine === undefined
    ? { ...shared, BUILDER: 'pack', BUILD_ARGS: 'NODE_BASE=scratch\nPYTHON_BASE=scratch' }
    : { ...shared, BUILDER: 'docker', BUILD_ARGS: await basesAndPackages(cloud, facts) };
}

type Facts = Pick<Play, 'engine' | 'progress' | 'signal'> & {
  readonly env: NodeJS.ProcessEnv;
  readonly repository: Repository;
};

async function basesAndPackages(
  { registry }: Cloud,
  { progress, env, signal, repository }: Facts,
): Promise<string> {
  let buildArgs = '';
  await progress.step('Get the base images', async (say) => {
    const bases = await baseImages({ env, folder: join(workFolder, '../base'), say, signal });
    buildArgs = `NODE_BASE=${bases.node}\nPYTHON_BASE=${bases.python}`;
    return bases.how;
  });
  await progress.step('Fetch the packages of the example', () =>
    warmUpEngine({ registry, buildArgs }, { env, cwd: repository.folder, signal }),
  );
  return buildArgs;
}

function runnerEnv(cloud: Cloud, env: NodeJS.ProcessEnv): Readonly<Record<string, string>> {
  const dockerHost = env['DOCKER_HOST'];
  return {
    CLOUDSDK_API_ENDPOINT_OVERRIDES_RUN: `${cloud.url}/`,
    CLOUDSDK_API_ENDPOINT_OVERRIDES_STORAGE: `${cloud.url}/`,
    BUILD_CACHE: buildCache,
    ...(dockerHost === undefined ? {} : { DOCKER_HOST: dockerHost }),
  };
}
