import { ActionFailure } from '@fairlead/action-kit';
import { type CloudRun, knownRevision, liveTrafficOf } from '@fairlead/cloud-run';
import type { ResolvedTarget, Target } from './target.ts';

/**
 * The target with the image and version of the revision that has the largest share. The service's own template would not do: after a
 * failed release it holds what never served.
 */
export async function withServingImage(
  run: Pick<CloudRun, 'getService' | 'getRevision'>,
  target: Target,
): Promise<ResolvedTarget> {
  const live = await run.getService(target.name);
  const serving = live === undefined ? undefined : liveTrafficOf(live).traffic.shares[0]?.revision;
  const revision = serving === undefined ? undefined : await run.getRevision(target.name, serving);
  const { image, version = target.version } = revision === undefined ? {} : knownRevision(revision);
  if (image !== undefined) return { ...target, image, version };
  throw new ActionFailure(
    `this run built no image and service ${target.name.service} serves none; build the unit first, or name its image by input "images"`,
  );
}
