import { engineApi } from './engine-api.ts';

/** Whether a Docker engine for Linux containers answers: at `DOCKER_HOST` unless told, otherwise at the usual socket. */
export async function engineAnswers(
  dockerHost: string | undefined = process.env['DOCKER_HOST'],
): Promise<boolean> {
  try {
    const ping = await engineApi(dockerHost).open({ method: 'GET', path: '/_ping', timeoutMs: 2_000 });
    ping.resume();
    const system = ping.headers['ostype'] ?? 'linux';
    return ping.statusCode === 200 && system === 'linux';
  } catch {
    // That nobody answers is the answer.
    return false;
  }
}
