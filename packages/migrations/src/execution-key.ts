import { createHash } from 'node:crypto';

import { MigrationError } from './migration-error.ts';

/** What makes two runs of a migration the same run. */
export interface MigrationRun {
  /** Short name of the job, suffix included. */
  readonly job: string;
  /** Image by digest. */
  readonly image: string;
  readonly command: readonly string[];
  readonly args: readonly string[];
  /** Counts from 1; a deliberate second run of the same migration is attempt 2. */
  readonly attempt: number;
}

/** Cloud Run wants the execution's name, `<job>-<token>`, shorter than 63 characters. */
const NAME_LIMIT = 63;
const TOKEN_LENGTH = 12;

/**
 * The execution token of a run: the same run always has the same, so that a start that is sent again meets the
 * execution that it already made. Throws when the image is not named by digest or the job's name leaves no room.
 */
export function executionToken(run: MigrationRun): string {
  const digest = /@(sha256:[0-9a-f]{64})$/.exec(run.image)?.[1];
  if (digest === undefined)
    throw new MigrationError(
      'not-a-digest',
      `image must be named by digest (…@sha256:…), got "${run.image}"`,
    );
  const longest = NAME_LIMIT - TOKEN_LENGTH - 2;
  if (run.job.length > longest)
    throw new MigrationError(
      'name-too-long',
      `job "${run.job}" has ${run.job.length} characters, at most ${longest} leave room for the execution's name`,
    );
  const identity = JSON.stringify([run.job, digest, run.command, run.args, run.attempt]);
  return `m${createHash('sha256')
    .update(identity)
    .digest('hex')
    .slice(0, TOKEN_LENGTH - 1)}`;
}

/** Short name of the execution that the token leads to. */
export function executionName(run: MigrationRun): string {
  return `${run.job}-${executionToken(run)}`;
}
