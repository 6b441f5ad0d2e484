import type { Command } from './control/world.ts';

/**
 * Starts the work of a command when what must come before it is over: the changes of one service's routes and its removal follow each other, so do the
 * attempts of one name; revisions start side by side, but not before a removal of the service of that name. The same holds for worker pools.
 */
export function inOrder(): (command: Command, work: () => Promise<void>) => Promise<void> {
  const last = new Map<string, Promise<void>>();
  const removals = new Map<string, Promise<void>>();
  const keep = (kept: Map<string, Promise<void>>, key: string, done: Promise<void>) => {
    kept.set(key, done);
    const forget = () => {
      if (kept.get(key) === done) kept.delete(key);
    };
    done.then(forget, forget);
    return done;
  };
  const after = (before: Promise<void> | undefined, work: () => Promise<void>) =>
    before === undefined ? work() : before.then(work, work);
  return (command, work) => {
    switch (command.kind) {
      case 'set-routes':
        return keep(last, command.service, after(last.get(command.service), work));
      case 'set-workers':
        return keep(last, command.workerPool, after(last.get(command.workerPool), work));
      case 'remove-service':
      case 'remove-worker-pool': {
        const owner = command.kind === 'remove-service' ? command.service : command.workerPool;
        const removed = keep(last, owner, after(last.get(owner), work));
        return keep(removals, owner, removed);
      }
      case 'run-task':
        return keep(last, command.spec.id, after(last.get(command.spec.id), work));
      case 'start-revision':
        return after(removals.get(command.spec.service), work);
      case 'start-workers':
        return after(removals.get(command.spec.workerPool), work);
      case 'set-access':
      case 'remove-workers':
      case 'remove-revision':
      case 'cancel-task':
        return work();
    }
  };
}
