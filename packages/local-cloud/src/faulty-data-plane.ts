import type { Clock } from '@fairlead/action-kit';

import { type DataPlane, DataPlaneError, type StartOutcome, type TaskOutcome } from './data-plane.ts';
import type { Fault } from './faults/fault.ts';
import { laggingRoutes } from './faults/lagging-routes.ts';
import type { Faults } from './http/faults.ts';

/** The plane with the fault switches before it: what they hit never reaches it, or later. */
export function faultyDataPlane(plane: DataPlane, faults: Faults, clock: Clock): DataPlane {
  const hanging = new Map<string, (outcome: TaskOutcome) => void>();
  const lagging = laggingRoutes(plane, clock);
  return {
    ...plane,
    hostUrl: plane.hostUrl,
    startRevision: async (spec) => {
      const fault = faults.hitRun({ kind: 'start', image: spec.image, owner: spec.service });
      return fault === undefined ? plane.startRevision(spec) : startFailure(fault);
    },
    startWorkers: async (spec) => {
      const image = spec.containers[0]?.image ?? '';
      const fault = faults.hitRun({ kind: 'start', image, owner: spec.workerPool });
      return fault === undefined ? plane.startWorkers(spec) : startFailure(fault);
    },
    runTask: (spec) => {
      const fault = faults.hitRun({ kind: 'task', image: spec.image, owner: spec.job });
      if (fault === undefined) return plane.runTask(spec);
      if (fault.effect === 'task-fails') return Promise.resolve(taskFailure(fault));
      return new Promise((resolve) => hanging.set(spec.id, resolve));
    },
    cancelTask: async (id) => {
      hanging.get(id)?.({ kind: 'cancelled', message: 'The task was cancelled.' });
      hanging.delete(id);
      await plane.cancelTask(id);
    },
    setRoutes: async (service, routes) => {
      const fault = faults.hitRoutes(service);
      if (fault?.effect === 'routes-fail') throw routesFailure(fault);
      return lagging.set(service, routes, fault);
    },
    removeRevision: (name) =>
      lagging.isBehind()
        ? lagging.catchUp().then(() => plane.removeRevision(name))
        : plane.removeRevision(name),
    removeService: async (name) => {
      lagging.forget(name);
      await plane.removeService(name);
    },
    close: async () => {
      for (const end of hanging.values()) end({ kind: 'cancelled', message: 'The local cloud was closed.' });
      hanging.clear();
      lagging.close();
      await plane.close();
    },
  };
}

function startFailure({ reason = 'HEALTH_CHECK_CONTAINER_ERROR', message }: Fault): StartOutcome {
  return {
    kind: 'failed',
    reason: reason === 'CONTAINER_MISSING' ? reason : 'HEALTH_CHECK_CONTAINER_ERROR',
    message:
      message ??
      'The user-provided container failed to start and listen on the port defined provided by the PORT=8080 environment variable within the allocated timeout. This can happen when the container port is misconfigured or if the timeout is too short. The health check timeout can be extended.',
  };
}

function taskFailure({ exitCode = 1, message }: Fault): TaskOutcome {
  return { kind: 'exited', exitCode, message: message ?? 'The container exited with an error.' };
}

function routesFailure({ message }: Fault): DataPlaneError {
  return new DataPlaneError(
    'deadline-exceeded',
    message ?? 'Waiting to reconcile Route. Resource readiness deadline exceeded.',
  );
}
