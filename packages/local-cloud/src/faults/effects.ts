import type { Effect, Fault, FaultMatch } from './fault.ts';

/** What a fault of an effect may say, beside `match` and `effect`. */
export interface EffectForm {
  readonly match: readonly (keyof FaultMatch)[];
  readonly needs: readonly (keyof Fault)[];
  readonly may: readonly (keyof Fault)[];
}

const COUNTS = ['nth', 'times', 'every'] as const;
const CALL = ['method', 'path', 'rpc'] as const;
const RUN = ['image', 'service'] as const;
const SERVICE = ['service'] as const;

/** Those without counts are in force for as long as they are set. */
export const EFFECTS: Readonly<Record<Effect, EffectForm>> = {
  'fail-before': { match: CALL, needs: [], may: COUNTS },
  'drop-reply': { match: CALL, needs: [], may: COUNTS },
  'apply-then-503': { match: CALL, needs: [], may: COUNTS },
  status: { match: CALL, needs: [], may: [...COUNTS, 'status', 'message', 'code', 'retryAfter'] },
  delay: { match: CALL, needs: ['delayMs'], may: COUNTS },
  'operation-hangs': { match: CALL, needs: [], may: COUNTS },
  'operation-lost': { match: CALL, needs: [], may: COUNTS },
  restart: { match: CALL, needs: [], may: COUNTS },
  'stale-list': { match: CALL, needs: ['seconds'], may: COUNTS },
  'rate-limit': { match: CALL, needs: ['perMinute'], may: [] },
  'start-fails': { match: RUN, needs: [], may: [...COUNTS, 'reason', 'message'] },
  'task-fails': { match: RUN, needs: [], may: [...COUNTS, 'exitCode', 'message'] },
  'task-hangs': { match: RUN, needs: [], may: COUNTS },
  'routes-fail': { match: SERVICE, needs: [], may: [...COUNTS, 'reason', 'message'] },
  'stale-traffic': { match: SERVICE, needs: ['seconds'], may: COUNTS },
  'stale-tag': { match: SERVICE, needs: ['seconds'], may: COUNTS },
  'old-failure': { match: SERVICE, needs: [], may: COUNTS },
  'latest-ready-stays': { match: SERVICE, needs: [], may: [] },
  quota: { match: [], needs: ['limits'], may: [] },
  'clock-skew': { match: [], needs: ['seconds'], may: [] },
};
