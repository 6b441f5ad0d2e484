import { CloudError, violation } from '../cloud-error.ts';
import { isDnsLabel, shortName } from '../names.ts';
import { type Operation, startOperation, typed, unsavedOperation } from '../operations.ts';
import { secretsFailure } from '../revision-failures.ts';
import { isSameConfiguration, withWorkerDefaults } from '../template.ts';
import { checkKeys, checkTaskTemplate, checkWithin } from '../validate.ts';
import type { WorkerPool } from '../worker-pool.ts';
import type { WorkerPoolRecord, World } from '../world.ts';
import { ALL_TO_LATEST_SPLIT, checkSplits } from './instance-splits.ts';
import { reconcileWorkerPool } from './reconcile-worker-pool.ts';
import { workerPoolView } from './worker-pool-view.ts';
import { workerSpec } from './worker-spec.ts';

export interface WorkerPoolWrite {
  /** Path of the message in the request, for violations. */
  readonly at: string;
  readonly name: string;
  /** What the user may write. */
  readonly fields: WorkerPool;
  readonly before?: WorkerPoolRecord;
  readonly validateOnly: boolean;
  /** Makes a revision even of a template that has not changed. */
  readonly forceNewRevision: boolean;
}

/** Stores the pool, with a new revision where its template differs from the newest; checks everything before. */
export function writeWorkerPool(world: World, request: WorkerPoolWrite): Operation {
  const { at, name, before, validateOnly } = request;
  const spec = specOf(request);
  checkPool(at, name, spec);
  const revision = chooseRevision(world, request, spec);
  checkSplits(`${at}.instance_splits`, spec.instanceSplits ?? [], (short) => {
    const full = `${name}/revisions/${short}`;
    return full === revision.name || world.workerPoolRevisions.has(full);
  });
  const micros = world.now();
  const pool: WorkerPoolRecord = {
    ...(before ?? { uid: world.ids.uuid(), createMicros: micros }),
    name,
    spec,
    generation: (before?.generation ?? 0) + 1,
    updateMicros: micros,
    latestCreated: revision.name,
    progress: { kind: 'reconciling' },
    transitionMicros: micros,
    revisionCount: (before?.revisionCount ?? 0) + (revision.isNew ? 1 : 0),
  };
  const metadata = typed('WorkerPool', workerPoolView(world, pool));
  if (validateOnly) return unsavedOperation(world, name, metadata);
  const operation = startOperation(world, name, metadata);
  const waiting = { operation: operation.name, generation: pool.generation, judged: revision.name };
  world.workerPools.set(name, {
    ...pool,
    lastOperation: operation.name,
    waiting: [...(pool.waiting ?? []), waiting],
  });
  if (revision.isNew) addRevision(world, pool);
  reconcileWorkerPool(world, name);
  return operation;
}

function specOf({ name, fields }: WorkerPoolWrite): WorkerPool {
  const { template, instanceSplits = [] } = fields;
  return {
    launchStage: 'GA',
    scaling: { manualInstanceCount: 1 },
    ...fields,
    instanceSplits: instanceSplits.length === 0 ? ALL_TO_LATEST_SPLIT : instanceSplits,
    ...(template === undefined ? {} : { template: withWorkerDefaults(template, name) }),
  };
}

function checkPool(at: string, name: string, { template, scaling, ...pool }: WorkerPool): void {
  checkKeys(`${at}.labels`, pool.labels);
  checkKeys(`${at}.annotations`, pool.annotations);
  if ((pool.description ?? '').length > 512) throw violation(`${at}.description`, 'at most 512 characters.');
  if (template === undefined) throw violation(`${at}.template`, 'should be set.');
  checkKeys(`${at}.template.labels`, template.labels);
  checkKeys(`${at}.template.annotations`, template.annotations);
  checkTaskTemplate(`${at}.template`, { containers: template.containers ?? [] });
  checkWithin(`${at}.scaling.manual_instance_count`, scaling?.manualInstanceCount, [0, 1000]);
  const { revision } = template;
  if (revision === undefined) return;
  if (!revision.startsWith(`${shortName(name)}-`) || !isDnsLabel(revision, 63))
    throw violation(
      `${at}.template.revision`,
      `must start with '${shortName(name)}-' and be at most 63 characters of lower-case letters, digits and '-', got '${revision}'.`,
    );
}

interface ChosenRevision {
  readonly name: string;
  readonly isNew: boolean;
}

function chooseRevision(
  world: World,
  { name, before, forceNewRevision }: WorkerPoolWrite,
  { template = {} }: WorkerPool,
): ChosenRevision {
  const newest = world.workerPoolRevisions.get(before?.latestCreated ?? '');
  if (template.revision === undefined) {
    if (!forceNewRevision && newest !== undefined && isSameConfiguration(newest.template, template))
      return { name: newest.name, isNew: false };
    return { name: generatedName(world, name, (before?.revisionCount ?? 0) + 1), isNew: true };
  }
  const named = world.workerPoolRevisions.get(`${name}/revisions/${template.revision}`);
  if (named === undefined) return { name: `${name}/revisions/${template.revision}`, isNew: true };
  if (forceNewRevision || !isSameConfiguration(named.template, template))
    throw new CloudError(
      'ALREADY_EXISTS',
      `Revision named '${template.revision}' with different configuration already exists.`,
    );
  return { name: named.name, isNew: false };
}

function generatedName(world: World, pool: string, number: number): string {
  const counted = `${shortName(pool)}-${String(number).padStart(5, '0')}`;
  return `${pool}/revisions/${counted}-${world.ids.suffix(3)}`;
}

/** Stores the pool's template as a new revision and has it started, unless its secrets cannot be read. */
function addRevision(world: World, pool: WorkerPoolRecord): void {
  const { latestCreated: name, updateMicros: micros } = pool;
  const uid = world.ids.uuid();
  const spec = workerSpec({ name, workerPool: pool.name, template: pool.spec.template ?? {} }, world.secrets);
  if (spec.kind === 'resolved') world.commands.push({ kind: 'start-workers', uid, spec: spec.spec });
  world.workerPoolRevisions.set(name, {
    name,
    uid,
    generation: 1,
    createMicros: pool.updateMicros,
    updateMicros: pool.updateMicros,
    workerPool: pool.name,
    template: pool.spec.template ?? {},
    launchStage: pool.spec.launchStage ?? 'GA',
    start:
      spec.kind === 'resolved'
        ? { kind: 'starting' }
        : { kind: 'failed', micros, failure: secretsFailure(name, spec.message) },
  });
}
