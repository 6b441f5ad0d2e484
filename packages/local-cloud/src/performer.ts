import { messageOf } from '@fairlead/action-kit';

import { serviceAccess, serviceScaling } from './control/services/service-standing.ts';
import type { Command, RevisionRecord, World } from './control/world.ts';
import { routed, routeFailed, revisionStarted } from './control/services/reconcile.ts';
import { instancesChanged } from './control/services/instances.ts';
import { isCurrent } from './control/is-current.ts';
import {
  workerPoolRemoved,
  workersSet,
  workersStarted,
} from './control/worker-pools/reconcile-worker-pool.ts';
import { taskEnded } from './control/jobs/run-execution.ts';
import { serviceRemoved } from './control/services/services.ts';
import { revisionSpec } from './control/runtime-spec.ts';
import { type DataPlane, DataPlaneError, type Routes, type StartOutcome } from './data-plane.ts';
import { inOrder } from './in-order.ts';

/** Does what the world asks of the data plane and tells it what came of it. */
export interface Performer {
  /** Performs the commands that wait; to be called after every transition. Returns at once. */
  readonly perform: () => void;
  /** Resolves when something has come back from the data plane since the call, or at the latest when the signal aborts. */
  readonly change: (signal: AbortSignal) => Promise<void>;
  /** Resolves when nothing is under way any more. */
  readonly idle: () => Promise<void>;
}

/** `onDefect` is told what the data plane should never have thrown. */
export function startPerformer(
  world: World,
  plane: DataPlane,
  onDefect: (thrown: unknown) => void,
): Performer {
  const listeners = new Set<() => void>();
  const underWay = new Set<Promise<void>>();
  const orderly = inOrder();

  const perform = () => {
    for (const command of world.commands.splice(0))
      track(orderly(command, () => performOne(world, plane, command)));
  };
  const track = (work: Promise<void>) => {
    const settled = work.catch(onDefect).then(() => {
      underWay.delete(settled);
      perform();
      for (const tell of listeners) tell();
    });
    underWay.add(settled);
  };
  // Instances come and go by themselves until the plane is closed.
  plane.watchInstances(({ revision, ...instances }) => {
    instancesChanged(world, revision, instances);
    for (const tell of listeners) tell();
  });
  return {
    perform,
    change: (signal) => untilToldOr(listeners, signal),
    idle: async () => {
      while (underWay.size > 0) await Promise.all(underWay);
    },
  };
}

function untilToldOr(listeners: Set<() => void>, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      listeners.delete(done);
      signal.removeEventListener('abort', done);
      resolve();
    };
    listeners.add(done);
    signal.addEventListener('abort', done);
    if (signal.aborted) done();
  });
}

async function performOne(world: World, plane: DataPlane, command: Command): Promise<void> {
  switch (command.kind) {
    case 'start-revision': {
      const report = await startReport(() => plane.startRevision(command.spec));
      if (isCurrent(world, command)) revisionStarted(world, command.spec.name, report);
      return;
    }
    case 'set-routes':
      setStanding(world, plane, command.service);
      await setRoutes(world, plane, command);
      return;
    case 'set-access':
      setStanding(world, plane, command.service);
      return;
    case 'remove-revision':
      await plane.removeRevision(command.revision);
      return;
    case 'remove-service':
      await plane.removeService(command.service);
      serviceRemoved(world, command.operation);
      return;
    case 'start-workers': {
      const report = await startReport(() => plane.startWorkers(command.spec));
      if (isCurrent(world, command)) workersStarted(world, command.spec.name, report);
      return;
    }
    case 'set-workers':
      if (!isCurrent(world, command)) return;
      plane.setWorkers(command.workerPool, command.counts);
      workersSet(world, command.workerPool, command.generation);
      return;
    case 'remove-workers':
      await plane.removeWorkers(command.revision);
      return;
    case 'remove-worker-pool':
      await plane.removeWorkerPool(command.workerPool);
      workerPoolRemoved(world, command.operation);
      return;
    case 'run-task': {
      const outcome = await plane.runTask(command.spec);
      if (isCurrent(world, command)) taskEnded(world, command.spec.id, outcome);
      return;
    }
    case 'cancel-task':
      await plane.cancelTask(command.id);
  }
}

/** Tells the plane who may call the service and what it asks for as a whole. It may be gone by now. */
export function setStanding(world: World, plane: DataPlane, name: string): void {
  const service = world.services.get(name);
  if (service === undefined) return;
  plane.setAccess(name, serviceAccess(world, service));
  plane.setScaling(name, serviceScaling(service.spec));
}

async function startReport(start: () => Promise<StartOutcome>): Promise<StartOutcome | InternalFailure> {
  try {
    return await start();
  } catch (thrown) {
    return { kind: 'failed', reason: 'INTERNAL', message: messageOf(thrown) };
  }
}

interface InternalFailure {
  readonly kind: 'failed';
  readonly reason: 'INTERNAL';
  readonly message: string;
}

async function setRoutes(
  world: World,
  plane: DataPlane,
  command: Extract<Command, { kind: 'set-routes' }>,
): Promise<void> {
  const { service, generation, routes } = command;
  try {
    await wake(world, plane, routes);
    const addresses = await plane.setRoutes(service, routes);
    if (isCurrent(world, command)) routed(world, service, { generation, routes, addresses });
  } catch (thrown) {
    if (!isCurrent(world, command)) return;
    routeFailed(world, service, { generation, message: messageOf(thrown), reason: reasonOf(thrown) });
  }
}

function reasonOf(thrown: unknown): string {
  const isLate = thrown instanceof DataPlaneError && thrown.code === 'deadline-exceeded';
  return isLate ? 'PROGRESS_DEADLINE_EXCEEDED' : 'INTERNAL';
}

/** Starts what the routes name and the plane does not know: revisions of an earlier run that had no traffic when this one began. */
async function wake(world: World, plane: DataPlane, { targets, tags }: Routes): Promise<void> {
  const names = new Set([...targets, ...tags].map(({ revision }) => revision));
  const asleep = [...names].flatMap((name) =>
    plane.stats(name) === undefined ? (world.revisions.get(name) ?? []) : [],
  );
  await Promise.all(asleep.map((revision) => startAgain(world, plane, revision)));
}

/** Starts a ready revision that the plane does not know. What comes of it changes nothing of the revision: its requests find out. */
export async function startAgain(
  world: World,
  plane: DataPlane,
  { name, service, template }: RevisionRecord,
): Promise<void> {
  const spec = revisionSpec(name, service, { template, secrets: world.secrets });
  if (spec.kind === 'resolved') await plane.startRevision(spec.spec);
}
