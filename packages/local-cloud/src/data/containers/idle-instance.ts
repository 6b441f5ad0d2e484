import type { Exit, Instance } from './engine.ts';

/** Stands for a container that gets no requests: it runs until it is stopped. */
export function idleInstance(): Instance {
  const ended = Promise.withResolvers<Exit>();
  return {
    exited: ended.promise,
    stop: () => {
      ended.resolve({ kind: 'signalled', signal: 'SIGTERM' });
      return Promise.resolve();
    },
  };
}
