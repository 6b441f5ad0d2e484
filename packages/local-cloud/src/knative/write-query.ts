import { CloudError } from '../control/cloud-error.ts';
import type { ApiRequest } from '../http/route.ts';

/** Whether the write is only to be checked: `dryRun=all`. */
export function isDryRun({ query }: ApiRequest): boolean {
  const dryRun = query.get('dryRun');
  if (dryRun === null || dryRun === '') return false;
  if (dryRun === 'all') return true;
  throw new CloudError(
    'INVALID_ARGUMENT',
    `Invalid value at 'dry_run', "${dryRun}": only 'all' is supported`,
  );
}
