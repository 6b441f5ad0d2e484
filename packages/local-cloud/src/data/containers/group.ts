import { messageOf } from '@fairlead/action-kit';

import { describeExit, type Exit, type SharedFolders, StartFailure } from './engine.ts';
import type { Launcher } from './launcher.ts';
import { afterOneTurn } from './startup.ts';
import { type Part, startTogether, type Together } from './together.ts';

/** The containers of one instance, all of them up. */
export interface Group {
  /** Resolves when the first of them has ended. */
  readonly exited: Promise<Exit>;
  /** Ends the others, and leaves nothing of them. */
  readonly end: () => Promise<void>;
}

export interface GroupPlace {
  readonly folders: SharedFolders;
  readonly say: Launcher['say'];
  /** Ends the start of an instance that is not wanted any more. */
  readonly signal: AbortSignal;
  /** Resolves when all of them, once up, have stayed so for long enough to count as started. */
  readonly settle?: (signal: AbortSignal) => Promise<void>;
}

/** Starts the containers of one instance; throws {@link StartFailure} with nothing left running when one does not come up or ends before all are. */
export async function startGroup(
  parts: readonly Part[],
  { folders, say, signal, settle = () => Promise.resolve() }: GroupPlace,
): Promise<Group> {
  const first = Promise.withResolvers<Exit>();
  const together = startTogether(parts, {
    signal,
    onExit: (_part, exit) => {
      first.resolve(exit);
    },
  });
  const end = () => leave(together, folders);
  try {
    const early = await Promise.race([
      together.up.then(() => settle(together.over)).then(() => undefined),
      endedEarly(first.promise),
    ]);
    if (early !== undefined) throw early;
  } catch (thrown) {
    say('system', messageOf(thrown));
    await end();
    throw thrown;
  }
  return { exited: first.promise, end };
}

/** A container that ends before all are up fails the instance; what its own probe says of it says more, and is known sooner. */
async function endedEarly(first: Promise<Exit>): Promise<StartFailure> {
  const exit = await afterOneTurn(await first);
  return new StartFailure(
    'HEALTH_CHECK_CONTAINER_ERROR',
    `Application failed to start: ${describeExit(exit)}`,
  );
}

async function leave(together: Together, folders: SharedFolders): Promise<void> {
  await together.stop();
  await folders.remove();
}
