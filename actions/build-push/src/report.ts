import { type ActionContext, formatDuration } from '@fairlead/action-kit';
import { formatReference } from '@fairlead/images';
import type { BuildRequest } from '@fairlead/registry';

/** What came of it. */
export interface Outcome {
  /** `none` when the image was there already. */
  readonly builder: 'buildx' | 'docker' | 'pack' | 'none';
  readonly digest?: string;
  readonly platformDigest?: string;
  readonly sizeBytes?: number;
  readonly commands: readonly string[];
  readonly tookMs: number;
}

export interface Reported {
  /** What is built, for people. */
  readonly name: string;
  readonly request: BuildRequest;
  readonly outcome: Outcome;
}

export function report(context: ActionContext, { name, request, outcome }: Reported): void {
  const { image, push } = request;
  const { builder, digest, platformDigest, sizeBytes, commands, tookMs } = outcome;
  const pinned =
    digest === undefined ? formatReference(image) : formatReference({ ...untagged(image), digest });
  const sentence = sentenceFor(request, outcome);
  for (const command of commands) context.log.info(`By hand: ${command}`);
  context.log.info(sentence);
  context.summary.heading(`Image of ${name}`);
  context.summary.table(
    ['tag', 'digest', 'builder', 'size', 'time'],
    [[image.tag, digest ?? 'not known before a push', builder, sizeText(sizeBytes), formatDuration(tookMs)]],
  );
  context.summary.sentence(sentence);
  if (commands.length > 0) context.summary.code('sh', commands.join('\n'));
  context.output('image', pinned);
  context.output('digest', digest ?? '');
  context.output('platform-digest', platformDigest ?? '');
  context.output('tag', image.tag);
  context.output('tags', push ? [formatReference(image)] : []);
  context.output('builder', builder);
  context.output('reused', builder === 'none');
}

function sentenceFor({ image, push }: BuildRequest, { builder, digest, tookMs }: Outcome): string {
  const name = formatReference(image);
  if (builder === 'none') return `${name} is there already for this commit: nothing was built.`;
  const took = formatDuration(tookMs);
  return push
    ? `${name} was built with ${builder} and pushed as ${digest ?? ''} in ${took}.`
    : `${name} was built with ${builder} in ${took} and not pushed.`;
}

function untagged({ registry, repository }: BuildRequest['image']) {
  return { registry, repository };
}

function sizeText(bytes: number | undefined): string {
  if (bytes === undefined) return 'not known';
  return bytes < 1_000_000 ? `${(bytes / 1000).toFixed(1)} kB` : `${(bytes / 1_000_000).toFixed(1)} MB`;
}
