import type { Clock } from '@fairlead/action-kit';

import type { LogLine } from '../../data-plane.ts';
import type { Engine } from './engine.ts';
import type { FreePorts } from './free-port.ts';

/** What starting an instance takes, the same for all of a plane but for whom it speaks. */
export interface Launcher {
  readonly engine: Engine;
  readonly ports: FreePorts;
  readonly clock: Clock;
  /** How long an instance whose health is not asked has to stay up to count as started. */
  readonly settleMs: number;
  /** The container is named where an instance has several. */
  readonly say: (stream: LogLine['stream'], text: string, container?: string) => void;
}

/** What the one start wants. */
export interface Wishes {
  /** Ends the start of an instance that is not wanted any more. */
  readonly signal: AbortSignal;
  /** Told whenever the readiness probe changes its mind; an instance is ready until it is told otherwise. */
  readonly onReadiness: (isReady: boolean) => void;
}
