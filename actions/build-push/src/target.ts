import { resolve } from 'node:path';

import { type ActionContext, ActionFailure } from '@fairlead/action-kit';
import { expandArgs, parseReference, type Place } from '@fairlead/images';
import type { Image } from '@fairlead/manifest';
import { loadManifest, resolveDeployment } from '@fairlead/manifest-file';
import type { BuildRequest } from '@fairlead/registry';

import type { BuildInputs } from './parse.ts';

/** What is built, and how it is called in messages. */
export interface Target {
  readonly name: string;
  readonly place: Place;
  readonly settings: Omit<Image, 'name'>;
}

/** The image that the inputs name, or the one of the manifest's unit. */
export async function readTarget(context: ActionContext, { from }: BuildInputs): Promise<Target> {
  if (from.kind === 'image') return { ...from, name: from.place.repository };
  const { deployment, unit } = from;
  const manifest = await loadManifest(context, deployment.manifest);
  const resolved = resolveDeployment(manifest, deployment);
  if (resolved === undefined)
    throw new ActionFailure(
      `"${deployment.ref}" maps to no environment of ${deployment.manifest}, so the image has no registry; set the input "environment"`,
    );
  const [selected] = resolved.selected;
  if (selected?.image === undefined)
    throw new ActionFailure(`unit "${unit}" has no image to build: it is ${selected?.kind ?? 'unknown'}`);
  return { name: unit, place: parseReference(selected.imageName), settings: selected.image };
}

/** What the builder is asked for. */
export function requestFor({ place, settings }: Target, inputs: BuildInputs): BuildRequest {
  const { workspace, tag, push, args, commit, source } = inputs;
  const { target, pack, platforms } = settings;
  const context = resolve(workspace, settings.context);
  const allArgs = { ...settings.args, ...args };
  return {
    image: { registry: place.registry, repository: place.repository, tag },
    context,
    // Like docker's own: named from where one stands, or else in the context. The bundler would take along all files that
    // a call of resolve with this literal could mean.
    dockerfile:
      settings.dockerfile === undefined ? `${context}/Dockerfile` : resolve(workspace, settings.dockerfile),
    args: allArgs,
    platforms,
    labels: {
      ...(commit !== undefined && { 'org.opencontainers.image.revision': commit }),
      ...(source !== undefined && { 'org.opencontainers.image.source': source }),
    },
    push,
    ...(target !== undefined && { target }),
    ...(pack !== undefined && { pack: { ...pack, base: expandArgs(pack.base, allArgs) } }),
  };
}
