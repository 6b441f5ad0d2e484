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

/** What Cloud Run adds for a container that was started and is not well. */
function logsHint(name: string, reason: string): string {
  if (reason !== 'HEALTH_CHECK_CONTAINER_ERROR') return '';
  const [service, revision] = [shortName(parentOf(name)), shortName(name)];
  const filter = [
    'resource.type="cloud_run_revision"',
    `resource.labels.service_name="${service}"`,
    `resource.labels.revision_name="${revision}"`,
  ].join('\n');
  const { project } = placeOf(name);
  return ` Logs for this revision might contain more information.\n\nLogs URL: https://console.cloud.google.com/logs/viewer?project=${project}&resource=cloud_run_revision/service_name/${service}/revision_name/${revision}&advancedFilter=${encodeURIComponent(filter)} \nFor more troubleshooting guidance, see https://cloud.google.com/run/docs/troubleshooting#container-failed-to-start`;
}

/** The failure of a route to a revision by its short name. */
export function missingRevision(revision: string): Failure {
  return {
    status: 'INTERNAL',
    reason: 'REVISION_FAILED',
    message: `Revision '${revision}' does not exist or is deleted. Update all traffic to route to currently available revisions.`,
  };
}
