import { type Clock, messageOf } from '@fairlead/action-kit';

import { CloudError } from '../control/cloud-error.ts';
import type { World } from '../control/world.ts';
import type { Performer } from '../performer.ts';

/** What the routes work on. */
export interface Cloud {
  readonly world: World;
  readonly performer: Performer;
  readonly clock: Clock;
  /** Makes the transitions so far outlive this process; absent when nothing is kept. */
  readonly commit?: () => void;
}

/** A transition of the world and the start of all that it asks for. Throws UNAVAILABLE when it cannot be kept: nobody may rely on it. */
export function transition<T>({ world, performer, commit }: Cloud, step: (world: World) => T): T {
  const result = step(world);
  performer.perform();
  keep(commit);
  return result;
}

function keep(commit: Cloud['commit']): void {
  try {
    commit?.();
  } catch (thrown) {
    throw new CloudError('UNAVAILABLE', messageOf(thrown));
  }
}
