import { command } from '@fairlead/rollout';

import type { MigrationTarget } from './migration-target.ts';

/** What to do about a migration that did not run to its end. */
export function recoveryOf({ name }: MigrationTarget, execution: string): string {
  const filter = `resource.type="cloud_run_job" AND labels."run.googleapis.com/execution_name"="${execution}"`;
  const logs = command([
    'logging',
    'read',
    filter,
    '--project',
    name.project,
    '--limit',
    '50',
    '--order',
    'desc',
  ]);
  return (
    'nothing that serves was changed and nothing of this release is deployed. Read its log: ' +
    `${logs} ; see by the migration tool whether the database is at the old version, bring it back there if it is in between, ` +
    'then either push a repaired migration, or run this step again with input "rerun-failed" set to "true"'
  );
}
