import {
  workerPoolRemoved,
  workersSet,
  workersStarted,
} from './control/worker-pools/reconcile-worker-pool.ts';
import { taskEnded } from './control/jobs/run-execution.ts';
import { routed, revisionStarted } from './control/services/reconcile.ts';
import { serviceRemoved } from './control/services/services.ts';
import type { Command, World } from './control/world.ts';

/** Does at once what the world asks for, as a data plane would in which everything comes up and every task succeeds: no process, no port, no time. */
export function simulateDataPlane(world: World): void {
  for (;;) {
    const commands = world.commands.splice(0);
    if (commands.length === 0) return;
    for (const command of commands) simulate(world, command);
  }
}

function simulate(world: World, command: Command): void {
  switch (command.kind) {
    case 'start-revision':
      revisionStarted(world, command.spec.name, { kind: 'ready' });
      return;
    case 'set-routes': {
      const { service, generation, routes } = command;
      routed(world, service, { generation, routes, addresses });
      return;
    }
    case 'remove-service':
      serviceRemoved(world, command.operation);
      return;
    case 'start-workers':
      workersStarted(world, command.spec.name, { kind: 'ready' });
      return;
    case 'set-workers':
      workersSet(world, command.workerPool, command.generation);
      return;
    case 'remove-worker-pool':
      workerPoolRemoved(world, command.operation);
      return;
    case 'run-task':
      taskEnded(world, command.spec.id, { kind: 'exited', exitCode: 0, message: '' });
      return;
    default:
  }
}

const addresses = { url: 'http://127.0.0.1:1', tagUrls: {}, host: 'simulated.a.run.app' };
