import { CloudError } from './cloud-error.ts';
import { placeOf, projectNumber } from './names.ts';

const ANY = 'type.googleapis.com/google.rpc.';

/** More calls in this minute than the quota allows; `name` is a resource or collection, whose project and region pay. */
export function rateExceeded(kind: 'Read' | 'Write', name: string): CloudError {
  const { project, location } = placeOf(name);
  const number = projectNumber(project);
  const limit = `${kind} requests per minute per region`;
  return new CloudError(
    'RESOURCE_EXHAUSTED',
    `Quota exceeded for quota metric '${kind} requests' and limit '${limit}' of service 'run.googleapis.com' for consumer 'project_number:${number}'.`,
    [
      {
        '@type': `${ANY}ErrorInfo`,
        reason: 'RATE_LIMIT_EXCEEDED',
        domain: 'googleapis.com',
        metadata: {
          consumer: `projects/${number}`,
          quota_limit: `${kind}RequestsPerMinutePerProjectPerRegion`,
          quota_location: location,
          quota_metric: `run.googleapis.com/${kind.toLowerCase()}_requests`,
          service: 'run.googleapis.com',
        },
      },
      {
        '@type': `${ANY}Help`,
        links: [
          {
            description: 'Request a higher quota limit.',
            url: 'https://cloud.google.com/docs/quotas/help/request_increase',
          },
        ],
      },
    ],
  );
}

/** More of a thing than its quota allows. */
export function quotaViolated(quota: string, requested: number, allowed: number): CloudError {
  const description = `${quota} requested: ${requested} allowed: ${allowed}`;
  return new CloudError('FAILED_PRECONDITION', `Quota violated: ${description}`, [
    { '@type': `${ANY}QuotaFailure`, violations: [{ subject: quota, description }] },
  ]);
}

/** `resource` is the full name without its service. */
export function permissionDenied(permission: string, resource: string): CloudError {
  return new CloudError(
    'PERMISSION_DENIED',
    `Permission '${permission}' denied on resource '//run.googleapis.com/${resource}' (or resource may not exist).`,
    [
      {
        '@type': `${ANY}ErrorInfo`,
        reason: 'IAM_PERMISSION_DENIED',
        domain: 'iam.googleapis.com',
        metadata: { permission, resource },
      },
    ],
  );
}
