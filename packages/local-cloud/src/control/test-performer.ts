import { isCurrent } from './is-current.ts';
import { revisionStarted, routed } from './services/reconcile.ts';
import type { StartReport } from './revision-failures.ts';
import { workerPoolRemoved, workersSet, workersStarted } from './worker-pools/reconcile-worker-pool.ts';
import { taskEnded } from './jobs/run-execution.ts';
import { serviceRemoved } from './services/services.ts';
import type { Command, World } from './world.ts';

/** For tests: answers every command of the world at once, as a data plane would; starts end as told, tasks end well. */
export function performAll(world: World, start: StartReport = { kind: 'ready' }): void {
  for (let command = world.commands.shift(); command !== undefined; command = world.commands.shift())
    performOne(world, command, start);
}

/** For tests: answers one command. */
export function performOne(world: World, command: Command, start: StartReport = { kind: 'ready' }): void {
  if (!isCurrent(world, command)) return;
  switch (command.kind) {
    case 'start-revision':
      revisionStarted(world, command.spec.name, start);
      return;
    case 'set-routes':
      routed(world, command.service, { ...command, addresses: ADDRESSES });
      return;
    case 'remove-service':
      serviceRemoved(world, command.operation);
      return;
    case 'start-workers':
      workersStarted(world, command.spec.name, start);
      return;
    case 'set-workers':
      workersSet(world, command.workerPool, command.generation);
      return;
    case 'remove-worker-pool':
      workerPoolRemoved(world, command.operation);
      return;
    case 'run-task':
      taskEnded(world, command.spec.id, {
        kind: 'exited',
        exitCode: start.kind === 'ready' ? 0 : 1,
        message: '',
      });
      return;
    case 'cancel-task':
      taskEnded(world, command.id, { kind: 'cancelled', message: '' });
      return;
    case 'remove-revision':
    case 'remove-workers':
    case 'set-access':
  }
}

const ADDRESSES = { url: 'http://127.0.0.1:1', tagUrls: {}, host: 'web' };
