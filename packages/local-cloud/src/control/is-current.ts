import { parentOf } from './names.ts';
import { taskOfAttempt } from './task-attempts.ts';
import type { Command, World } from './world.ts';

/** Whether what a command was given for is still there: another of the same name may have taken its place. */
export function isCurrent(world: World, command: Command): boolean {
  switch (command.kind) {
    case 'start-revision':
      return world.revisions.get(command.spec.name)?.uid === command.uid;
    case 'set-routes':
      return world.services.get(command.service)?.uid === command.uid;
    case 'run-task': {
      const name = taskOfAttempt(command.spec.id);
      const tasks = world.executions.get(parentOf(name))?.tasks ?? [];
      return tasks.some((task) => task.name === name && task.uid === command.uid);
    }
    case 'start-workers':
      return world.workerPoolRevisions.get(command.spec.name)?.uid === command.uid;
    case 'set-workers':
      return world.workerPools.get(command.workerPool)?.uid === command.uid;
    case 'set-access':
    case 'remove-revision':
    case 'remove-service':
    case 'remove-workers':
    case 'remove-worker-pool':
    case 'cancel-task':
      return true;
  }
}
