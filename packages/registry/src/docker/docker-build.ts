import { ActionFailure, withRetry } from '@fairlead/action-kit';
import { formatReference, needsClassicBuilder } from '@fairlead/images';

import type { BuildRequest, BuildTools, Built } from '../build-request.ts';
import { refuseTakenTag } from '../taken-tag.ts';
import { checkContext } from './check-context.ts';
import { docker, pairArgs, typed } from './docker-command.ts';
import type { FoundDocker } from './find-docker.ts';
import { pushedImage } from './pushed-image.ts';
import { withLogin } from './with-login.ts';

/** Builds and pushes with `docker build` and `docker push`: by BuildKit where docker reaches it, by the classic builder otherwise. */
export async function dockerBuild(
  tools: BuildTools,
  request: BuildRequest,
  found: FoundDocker & { readonly program: string },
): Promise<Built> {
  const { image, push } = request;
  const name = formatReference(image);
  const platform = onePlatform(request);
  await checkContext(request);
  const args = buildArguments(request, engineArguments(found, platform));
  const commands = [typed(args), ...(push ? [typed(['push', name])] : [])];
  await docker({ ...tools, env: { ...tools.env, ...builderEnv(found) } }, found.program, args);
  if (!push) return { commands };
  await refuseTakenTag(tools.client, image);
  const digest = await withLogin(tools, { program: found.program, registry: image.registry }, () =>
    pushed(tools, found.program, name),
  );
  return { ...(await pushedImage(tools, image, { digest, platform })), commands };
}

function onePlatform({ platforms }: BuildRequest): string {
  const [platform = 'linux/amd64', ...more] = platforms;
  if (more.length === 0) return platform;
  throw new ActionFailure(
    `builder "docker" builds for one platform, got ${platforms.join(', ')}; use buildx`,
  );
}

function engineArguments(found: FoundDocker, platform: string): readonly string[] {
  return [
    ...(platform === found.platform ? [] : ['--platform', platform]),
    // Without a bridge a build's default is no network at all, and nothing could be installed.
    ...(found.lacksBridge === true ? ['--network', 'host'] : []),
    // The classic builder keeps the container of a step that failed.
    ...(needsClassicBuilder(found) ? ['--force-rm'] : []),
  ];
}

function buildArguments(request: BuildRequest, engine: readonly string[]): readonly string[] {
  return [
    'build',
    '--file',
    request.dockerfile,
    '--tag',
    formatReference(request.image),
    ...engine,
    ...(request.target === undefined ? [] : ['--target', request.target]),
    ...pairArgs('--build-arg', request.args),
    ...pairArgs('--label', request.labels),
    request.context,
  ];
}

function builderEnv(found: FoundDocker): Readonly<Record<string, string>> {
  // An attestation would make an index of a single image, with another digest at every run.
  return { BUILDX_NO_DEFAULT_ATTESTATIONS: '1', ...(needsClassicBuilder(found) && { DOCKER_BUILDKIT: '0' }) };
}

const MAY_GO_AWAY =
  /\b(?:408|429|5\d\d) |toomanyrequests|EOF|connection (?:reset|refused)|timeout|TLS handshake/i;

/** The digest that docker says it pushed. Pushing is safe to repeat: what is there already is not sent again. */
async function pushed(tools: BuildTools, program: string, name: string): Promise<string> {
  const { stdout } = await withRetry(() => docker(tools, program, ['push', name]), {
    ...tools,
    what: `docker push ${name}`,
    attempts: 3,
    delayMs: 2000,
    retryable: (thrown) => thrown instanceof ActionFailure && MAY_GO_AWAY.test(thrown.message),
  });
  const digest = /\bdigest: (sha256:[0-9a-f]{64})\b/.exec(stdout)?.[1];
  if (digest === undefined) throw new ActionFailure(`docker push ${name} ended without saying a digest`);
  return digest;
}
