import type { PoolProgress, Progress } from '../../control/world.ts';
import type { State } from './state.ts';

const STATES: Readonly<Record<Progress['kind'], State>> = {
  ready: { tone: 'good', word: 'Ready' },
  reconciling: { tone: 'busy', word: 'Updating' },
  failed: { tone: 'bad', word: 'Not ready' },
};

/** How a service or a worker pool stands. */
export function stateOf({ kind }: Progress | PoolProgress): State {
  return STATES[kind];
}
