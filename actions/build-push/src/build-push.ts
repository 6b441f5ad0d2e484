import { type ActionContext, ActionFailure } from '@fairlead/action-kit';
import { googleClient } from '@fairlead/google';
import { planTag } from '@fairlead/images';
import {
  buildImage,
  type BuildRequest,
  type BuildTools,
  credentialsFrom,
  describeImage,
  type DescribedImage,
  registryClient,
} from '@fairlead/registry';

import { type BuildInputs, parse } from './parse.ts';
import { type Outcome, report } from './report.ts';
import { readTarget, requestFor } from './target.ts';

/** Builds one image and pushes it under a tag that is never moved; an image that this commit has already is not built again. */
export async function buildPush(context: ActionContext): Promise<void> {
  const inputs = parse(context);
  const startMs = context.clock.now();

  const target = await readTarget(context, inputs);
  const request = requestFor(target, inputs);
  const tools = toolsOf(context);
  const found = await context.log.group('Look for the image', () => existing(tools, request));

  const isReused = planReuse(inputs, found);

  const built = isReused
    ? undefined
    : await context.log.group('Build', () => buildImage(tools, request, inputs.builder));

  const outcome: Outcome = {
    ...(built ?? { builder: 'none', commands: [], ...found }),
    tookMs: context.clock.now() - startMs,
  };
  report(context, { name: target.name, request, outcome });
}

function toolsOf(context: ActionContext): BuildTools {
  const google = googleClient(context.env, { ...context, api: 'artifactregistry' });
  const credentialsFor = credentialsFrom(context.env, google.accessToken);
  return { ...context, credentialsFor, client: registryClient({ ...context, credentialsFor }) };
}

/** What the tag names already; nothing is asked when nothing is pushed. */
function existing({ client }: BuildTools, request: BuildRequest): Promise<DescribedImage | undefined> {
  if (!request.push) return Promise.resolve(undefined);
  return describeImage(client, request.image, request.platforms[0] ?? 'linux/amd64');
}

/** Whether what is there is what would be built; throws when the tag is another image's. */
function planReuse({ tag, commit }: BuildInputs, found: DescribedImage | undefined): boolean {
  const revision = found?.labels['org.opencontainers.image.revision'];
  const plan = planTag({
    tag,
    ...(commit !== undefined && { commit }),
    ...(found && { found: { digest: found.digest, ...(revision !== undefined && { revision }) } }),
  });
  switch (plan.kind) {
    case 'refuse':
      throw new ActionFailure(plan.because);
    case 'reuse':
      return true;
    case 'build':
      return false;
  }
}
