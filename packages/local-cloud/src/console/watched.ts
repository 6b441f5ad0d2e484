import type { Clock } from '@fairlead/action-kit';

import type { World } from '../control/world.ts';
import type { DataPlane } from '../data-plane.ts';
import type { CallLog } from '../http/call-log.ts';
import type { Faults } from '../http/faults.ts';

/** What the console shows and steers. */
export interface Watched {
  readonly world: World;
  readonly plane: DataPlane;
  readonly calls: CallLog;
  readonly faults: Faults;
  readonly clock: Clock;
}
