import type { DataPlane, StartOutcome, TaskOutcome } from './data-plane.ts';
import type { Fault, Faults } from './http/faults.ts';

/** The plane with the fault switches before it: what they hit never reaches it. */
export function faultyDataPlane(plane: DataPlane, faults: Faults): DataPlane {
  const hanging = new Map<string, (outcome: TaskOutcome) => void>();
  return {
    hostUrl: plane.hostUrl,
    startRevision: async (spec) => {
      const fault = faults.hitRun({ kind: 'start', image: spec.image, owner: spec.service });
      return fault === undefined ? plane.startRevision(spec) : startFailure(fault);
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
    close: async () => {
      for (const end of hanging.values()) end({ kind: 'cancelled', message: 'The local cloud was closed.' });
      hanging.clear();
      await plane.close();
    },
    removeRevision: (name) => plane.removeRevision(name),
    setRoutes: (service, routes) => plane.setRoutes(service, routes),
    removeService: (name) => plane.removeService(name),
    logs: (selector) => plane.logs(selector),
    stats: (name) => plane.stats(name),
    series: (name) => plane.series(name),
    setAccess: (service, access) => {
      plane.setAccess(service, access);
    },
    setScaling: (service, scaling) => {
      plane.setScaling(service, scaling);
    },
    watchInstances: (listener) => plane.watchInstances(listener),
  };
}

function startFailure({ reason = 'HEALTH_CHECK_CONTAINER_ERROR', message }: Fault): StartOutcome {
  return {
    kind: 'failed',
    reason,
    message:
      message ??
      'The user-provided container failed to start and listen on the port defined provided by the PORT=8080 environment variable within the allocated timeout.',
  };
}

function taskFailure({ exitCode = 1, message }: Fault): TaskOutcome {
  return { kind: 'exited', exitCode, message: message ?? 'The container exited with an error.' };
}
