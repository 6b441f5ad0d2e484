import { CLOUD_RUN_LIMITS, type Limits } from './limits.ts';

/** What can be told to go otherwise than it usually goes. It is asked at the moment, so that it may change at any time. */
export interface Bends {
  readonly limits: () => Limits;
  /** How far behind lists are: what is younger is not in them. */
  readonly listLagMicros: () => number;
  /** What becomes of an operation that is started now. */
  readonly operationFate: () => OperationFate | undefined;
  /** Whether a write of traffic alone gets the failure of the newest revision again (reference 3.11, 9). */
  readonly repeatsFailure: (service: string) => boolean;
  /** Whether the latest ready revision stays as it is when a new one is ready that gets no share (reference 3.3, 6). */
  readonly keepsLatestReady: (service: string) => boolean;
}

/** `hangs`: it is never done for those who ask; `lost`: nobody has ever heard of it. What it stands for happens all the same. */
export type OperationFate = 'hangs' | 'lost';

export const UNBENT: Bends = {
  limits: () => CLOUD_RUN_LIMITS,
  listLagMicros: () => 0,
  operationFate: () => undefined,
  repeatsFailure: () => false,
  keepsLatestReady: () => false,
};
