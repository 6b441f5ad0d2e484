import type { Clock } from '@fairlead/action-kit';
import type { GoogleClient } from '@fairlead/google';

/** What the calls of this package need. */
export interface Api {
  readonly google: GoogleClient;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}
