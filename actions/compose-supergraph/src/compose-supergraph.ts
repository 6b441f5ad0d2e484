import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { type ActionContext, ActionFailure, messageOf } from '@fairlead/action-kit';
import { type CloudRun, cloudRun } from '@fairlead/cloud-run';
import { readDeployment, type SelectedDeployment } from '@fairlead/manifest-file';
import { cloudStorage, type Kept } from '@fairlead/storage';
import { compose, type Composition, type SubgraphSource } from '@fairlead/supergraph';

import { type ComposeInputs, parse } from './parse.ts';
import { pinnedUrls } from './pinned.ts';
import { readSchemas, subgraphUnits } from './read-subgraphs.ts';
import { reportErrors, reportNothing, reportStored, reportValid } from './report.ts';
import { planRoutes, resolveRoutes } from './route.ts';

/** Composes the manifest's subgraphs and, unless told otherwise, stores the supergraph for the gateway to be pinned to. */
export async function composeSupergraph(context: ActionContext): Promise<void> {
  const inputs = parse(context);

  const deployment = await readDeployment(context);
  const bucket = bucketOf(deployment, inputs);
  const cloud = cloudRun(context);
  const sources = await sourcesOf(deployment, inputs, cloud);
  if (sources.length === 0) {
    reportNothing(context);
    return;
  }

  const supergraph = supergraphOf(context, sources);

  const file = await writeLocally(supergraph.sdl, inputs);
  if (file !== undefined) context.output('file', file);
  if (bucket === undefined) {
    reportValid(context, { sources, hints: supergraph.hints });
    return;
  }
  const object = `supergraphs/${supergraph.digest}.graphql`;
  const storage = cloudStorage(context);
  const kept = await context.log.group('storing the supergraph', () =>
    storage.keep({ bucket, object }, contentOf(supergraph.sdl)),
  );
  const url = storage.urlOf({ bucket, object });
  const changed = await isChanged(context, { url, deployment, inputs, cloud });

  reportStored(context, {
    sources,
    hints: supergraph.hints,
    digest: supergraph.digest,
    object,
    bucket,
    url,
    changed,
    isNew: isNew(kept),
    unitEnv: unitEnvOf(deployment, inputs.variable, url),
  });
}

type Supergraph = Extract<Composition, { kind: 'supergraph' }>;

/** The bucket to store to, absent when nothing is to be stored; checked before anything is read from a cloud. */
function bucketOf(
  { supergraphBucket, environment }: SelectedDeployment,
  inputs: ComposeInputs,
): string | undefined {
  if (!inputs.publish) return undefined;
  const bucket = inputs.bucket ?? supergraphBucket;
  if (bucket !== undefined) return bucket;
  throw new ActionFailure(
    `environment "${environment}" has no bucket for supergraphs: write "supergraph-bucket" in the manifest, set the input "bucket", or compose without storing by "publish" "false"`,
  );
}

async function sourcesOf(
  deployment: SelectedDeployment,
  inputs: ComposeInputs,
  cloud: CloudRun,
): Promise<readonly SubgraphSource[]> {
  const subgraphs = subgraphUnits(deployment.units);
  const routes = planRoutes(subgraphs, deployment, inputs);
  const schemas = await readSchemas(subgraphs, inputs.workspace);
  const urls = await resolveRoutes(routes, cloud);
  return schemas.map((schema) => ({ ...schema, url: urls.get(schema.name) ?? '' }));
}

function supergraphOf(context: ActionContext, sources: readonly SubgraphSource[]): Supergraph {
  const composition = compose(sources);
  if (composition.kind === 'supergraph') return composition;
  throw new ActionFailure(reportErrors(context, composition.errors));
}

async function writeLocally(sdl: string, { temp }: ComposeInputs): Promise<string | undefined> {
  if (temp === undefined || temp === '') return undefined;
  const file = join(temp, 'supergraph.graphql');
  await writeFile(file, sdl);
  return file;
}

function contentOf(sdl: string) {
  return { type: 'application/graphql; charset=utf-8', bytes: Buffer.from(sdl) };
}

function isNew({ kind }: Kept): boolean {
  return kind === 'created';
}

interface Comparison {
  readonly url: string;
  readonly deployment: SelectedDeployment;
  readonly inputs: ComposeInputs;
  readonly cloud: CloudRun;
}

async function isChanged(
  context: ActionContext,
  { url, deployment, inputs, cloud }: Comparison,
): Promise<boolean> {
  try {
    const pinned = await Promise.all(
      gatewaysOf(deployment).map(({ serviceName: service }) =>
        pinnedUrls(cloud, { ...placeOf(deployment), service }, inputs.variable),
      ),
    );
    return pinned.some((urls) => urls.length === 0 || urls.some((live) => live !== url));
  } catch (thrown) {
    context.signal.throwIfAborted();
    context.log.warning(
      `the gateway cannot be read (${messageOf(thrown)}); the supergraph counts as changed, so the gateway is deployed again`,
    );
    return true;
  }
}

function placeOf({ project, region }: SelectedDeployment) {
  return { project, region };
}

function gatewaysOf({ units }: SelectedDeployment): SelectedDeployment['units'] {
  return units.filter(({ kind }) => kind === 'gateway');
}

function unitEnvOf(deployment: SelectedDeployment, variable: string, url: string) {
  return Object.fromEntries(gatewaysOf(deployment).map(({ name }) => [name, { [variable]: url }]));
}
