import type { DataPlane } from '../data-plane.ts';
import { dockerEngine, type DockerEngineOptions } from './docker/docker-engine.ts';
import { echoEngine } from './containers/echo-engine.ts';
import { dataPlaneOver, type DataPlaneOptions } from './plane.ts';
import { processEngine, type ProcessEngineOptions } from './process/process-engine.ts';

export { engineAnswers } from './docker/engine-answers.ts';
export type { TokenVerifier } from './requests/identity-token.ts';
export type { DataPlaneOptions } from './plane.ts';
export type { RequestRecord } from './requests/request-record.ts';
export { seededRandom } from './seeded-random.ts';

/** `--containers=none`: revisions are ready at once and answer 200 with `{"revision": …}`; tasks end with 0. */
export function echoDataPlane(options: DataPlaneOptions): Promise<DataPlane> {
  // An echo is up again at once, so that there is no use in keeping one that nobody can reach.
  return dataPlaneOver(echoEngine(), { settleMs: 0, idleMs: 500, isPlayed: true, ...options });
}

/** `--containers=docker`: images are pulled and run by a Docker engine, on the host's network. */
export async function dockerDataPlane(options: DataPlaneOptions & DockerEngineOptions): Promise<DataPlane> {
  return dataPlaneOver(await dockerEngine(options), options);
}

/**
 * `--containers=process`: images are pulled from the local registry and run as plain processes of this machine with its Node and Python, without isolation.
 */
export async function processDataPlane(options: DataPlaneOptions & ProcessEngineOptions): Promise<DataPlane> {
  return dataPlaneOver(await processEngine(options), options);
}
