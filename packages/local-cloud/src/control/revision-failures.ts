import { parentOf, placeOf, shortName } from './names.ts';
import type { Failure, RevisionRecord } from './world.ts';

/** What the data plane says of a revision's start, in the API's own terms. */
export type StartReport =
  { readonly kind: 'ready' } | { readonly kind: 'failed'; readonly reason: string; readonly message: string };

/** Why a revision did not start, if it did not. */
export function failureOf(revision: RevisionRecord): Failure | undefined {
  return revision.start.kind === 'failed' ? revision.start.failure : undefined;
}

export function startFailure(name: string, report: Extract<StartReport, { kind: 'failed' }>): Failure {
  return {
    status: 'FAILED_PRECONDITION',
    reason: report.reason,
    message: `Revision '${shortName(name)}' is not ready and cannot serve traffic. ${report.message}${logsHint(name, report.reason)}`,
  };
}

/** Of a revision whose template names secrets that cannot be read. */
export function secretsFailure(name: string, message: string): Failure {
  return {
    status: 'FAILED_PRECONDITION',
    reason: 'SECRETS_ACCESS_CHECK_FAILED',
    message: `Revision '${shortName(name)}' is not ready and cannot serve traffic. ${message}`,
  };
}

/** What Cloud Run adds for a container that was started and is not well. */
function logsHint(name: string, reason: string): string {
  if (reason !== 'HEALTH_CHECK_CONTAINER_ERROR') return '';
  const [owner, revision] = [shortName(parentOf(name)), shortName(name)];
  const [type, label] = name.includes('/workerPools/')
    ? ['cloud_run_worker_pool', 'worker_pool_name']
    : ['cloud_run_revision', 'service_name'];
  const filter = [
    `resource.type="${type}"`,
    `resource.labels.${label}="${owner}"`,
    `resource.labels.revision_name="${revision}"`,
  ].join('\n');
  const { project } = placeOf(name);
  return ` Logs for this revision might contain more information.\n\nLogs URL: https://console.cloud.google.com/logs/viewer?project=${project}&resource=${type}/${label}/${owner}/revision_name/${revision}&advancedFilter=${encodeURIComponent(filter)} \nFor more troubleshooting guidance, see https://cloud.google.com/run/docs/troubleshooting#container-failed-to-start`;
}

/** The failure of a route to a revision by its short name. */
export function missingRevision(revision: string): Failure {
  return {
    status: 'INTERNAL',
    reason: 'REVISION_FAILED',
    message: `Revision '${revision}' does not exist or is deleted. Update all traffic to route to currently available revisions.`,
  };
}
