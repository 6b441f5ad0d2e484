import type { ExecutionVerdict } from './execution.ts';

export type MigrationPlan =
  | { readonly kind: 'start'; readonly attempt: number }
  /** The execution is under way: wait for it. */
  | { readonly kind: 'attach'; readonly attempt: number }
  /** The same migration already ran to its end. */
  | { readonly kind: 'noop'; readonly attempt: number }
  | { readonly kind: 'refuse'; readonly attempt: number; readonly because: string };

/**
 * What to do with a migration whose attempts so far ended as `history` says (attempt 1 first). Only a person's word,
 * `rerunFailed`, starts another attempt after one that may have applied half of its work.
 */
export function planMigration(
  history: readonly ExecutionVerdict[],
  { rerunFailed }: { readonly rerunFailed: boolean },
): MigrationPlan {
  const attempt = history.length;
  const last = history.at(-1);
  if (last === undefined) return { kind: 'start', attempt: 1 };
  switch (last.kind) {
    case 'succeeded':
      return { kind: 'noop', attempt };
    case 'running':
      return { kind: 'attach', attempt };
    case 'failed':
    case 'cancelled':
      if (rerunFailed) return { kind: 'start', attempt: attempt + 1 };
      return {
        kind: 'refuse',
        attempt,
        because: `attempt ${attempt} of this very migration ended as ${last.kind} (${last.because}) and may have been applied in part`,
      };
    case 'unknown':
      return {
        kind: 'refuse',
        attempt,
        because: `how attempt ${attempt} ended is not known: ${last.because}`,
      };
  }
}
