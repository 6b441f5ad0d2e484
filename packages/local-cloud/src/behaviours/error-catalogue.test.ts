import { expect, test } from '@jest/globals';

import { LATEST } from '../control/resources.ts';
import type { Fault } from '../faults/fault.ts';
import type { LocalCloudOptions } from '../local-cloud.ts';
import { serviceBody, testCloud } from '../test-client.ts';
import { deploy, template, to } from './scene.ts';

interface Refusal {
  readonly title: string;
  readonly options?: Partial<LocalCloudOptions>;
  readonly faults?: readonly Fault[];
  readonly method: string;
  readonly path: string;
  readonly body?: unknown;
  readonly code: number;
  readonly status: string;
  readonly message: string | RegExp;
  readonly details?: readonly object[];
}

const ANY = 'type.googleapis.com/google.rpc.';
const create = { method: 'POST', path: 'services?serviceId=api' } as const;
const update = { method: 'PATCH', path: 'services/web' } as const;
const invalid = { code: 400, status: 'INVALID_ARGUMENT' } as const;
const violation = (field: string, description: string) => [
  { '@type': `${ANY}BadRequest`, fieldViolations: [{ field, description }] },
];
const IMAGE = 'must be a container image path in the form [hostname/]repo-path[:tag and/or @digest]';

const refusals: readonly Refusal[] = [
  {
    title: 'a stale etag',
    ...update,
    body: { ...serviceBody(), etag: '"CN2_0sgGEODo0pUC/cHJvamVjdHMv"' },
    code: 409,
    status: 'ABORTED',
    message:
      /^Conflict for resource 'web': version '1762959325582268' was specified but current version is '\d{16}'\.$/,
  },
  {
    title: 'a revision name that is taken',
    ...update,
    body: { template: template('web-one', { timeout: '9s' }) },
    code: 409,
    status: 'ALREADY_EXISTS',
    message: "Revision named 'web-one' with different configuration already exists.",
  },
  {
    title: 'a name that exists',
    method: 'POST',
    path: 'services?serviceId=web',
    body: serviceBody(),
    code: 409,
    status: 'ALREADY_EXISTS',
    message: "Resource 'web' already exists.",
  },
  {
    title: 'a service that is missing',
    method: 'GET',
    path: 'services/api',
    code: 404,
    status: 'NOT_FOUND',
    message: "Resource 'api' of kind 'SERVICE' in region 'r' in project 'p' does not exist.",
  },
  {
    title: 'a job that is missing',
    method: 'GET',
    path: 'jobs/migrate',
    code: 404,
    status: 'NOT_FOUND',
    message: "Resource 'migrate' of kind 'JOB' in region 'r' in project 'p' does not exist.",
  },
  {
    title: 'a bad image',
    ...create,
    body: { template: { containers: [{ image: 'Not An Image' }] } },
    ...invalid,
    message: `Violation in CreateServiceRequest.service.template.containers[0].image: ${IMAGE}`,
    details: violation('service.template.containers[0].image', IMAGE),
  },
  {
    title: 'a long timeout',
    ...update,
    body: { template: template('web-two', { timeout: '3601s' }) },
    ...invalid,
    message: 'Violation in UpdateServiceRequest.service.template.timeout: maximum allowed time is one hour.',
    details: violation('service.template.timeout', 'maximum allowed time is one hour.'),
  },
  {
    title: 'a name on creation',
    ...create,
    body: { ...serviceBody(), name: 'api' },
    ...invalid,
    message: 'Violation in CreateServiceRequest.service: service.name must be empty on CreateServiceRequest.',
    details: violation('service', 'service.name must be empty on CreateServiceRequest.'),
  },
  {
    title: 'no template',
    ...create,
    body: {},
    ...invalid,
    message: 'Violation in CreateServiceRequest.service.template: should be set.',
    details: violation('service.template', 'should be set.'),
  },
  {
    title: 'traffic that is not 100 %',
    ...create,
    body: { ...serviceBody(), traffic: [{ type: LATEST, percent: 90 }] },
    ...invalid,
    message: 'Violation in CreateServiceRequest.service.traffic: Traffic targets sum to 90, want 100',
    details: violation('service.traffic', 'Traffic targets sum to 90, want 100'),
  },
  {
    title: 'more calls than the rate',
    faults: [{ match: { method: 'PATCH' }, effect: 'rate-limit', perMinute: 0 }],
    ...update,
    body: serviceBody(),
    code: 429,
    status: 'RESOURCE_EXHAUSTED',
    message:
      /^Quota exceeded for quota metric 'Write requests' and limit 'Write requests per minute per region' of service 'run\.googleapis\.com' for consumer 'project_number:\d+'\.$/,
    details: [
      {
        '@type': `${ANY}ErrorInfo`,
        reason: 'RATE_LIMIT_EXCEEDED',
        domain: 'googleapis.com',
        metadata: {
          consumer: expect.stringMatching(/^projects\/\d+$/),
          quota_limit: 'WriteRequestsPerMinutePerProjectPerRegion',
          quota_location: 'r',
          quota_metric: 'run.googleapis.com/write_requests',
          service: 'run.googleapis.com',
        },
      },
      {
        '@type': `${ANY}Help`,
        links: [{ description: 'Request a higher quota limit.', url: expect.any(String) }],
      },
    ],
  },
  {
    title: 'more CPU than is granted',
    options: { limits: { cpuMillis: 100_000 } },
    ...create,
    body: serviceBody({ template: template('api-one', { scaling: { maxInstanceCount: 101 } }) }),
    code: 400,
    status: 'FAILED_PRECONDITION',
    message: 'Quota violated: CpuAllocPerProjectRegion requested: 101000 allowed: 100000',
    details: [
      {
        '@type': `${ANY}QuotaFailure`,
        violations: [
          {
            subject: 'CpuAllocPerProjectRegion',
            description: 'CpuAllocPerProjectRegion requested: 101000 allowed: 100000',
          },
        ],
      },
    ],
  },
  {
    title: 'no permission',
    faults: [{ match: { method: 'PATCH', path: 'updateMask=labels' }, effect: 'status', status: 403 }],
    method: 'PATCH',
    path: 'services/web?updateMask=labels',
    body: { labels: {} },
    code: 403,
    status: 'PERMISSION_DENIED',
    message:
      "Permission 'run.services.update' denied on resource '//run.googleapis.com/projects/p/locations/r/services/web' (or resource may not exist).",
    details: [
      {
        '@type': `${ANY}ErrorInfo`,
        reason: 'IAM_PERMISSION_DENIED',
        domain: 'iam.googleapis.com',
        metadata: {
          permission: 'run.services.update',
          resource: 'projects/p/locations/r/services/web',
        },
      },
    ],
  },
];

test.each(refusals)('$title is refused in the words of the real API', async (refusal) => {
  const { options = {}, faults = [], method, path, body, code, status, message } = refusal;
  await using t = await testCloud(options);
  await deploy(t, 'web-one', { scaling: { maxInstanceCount: 1 } });
  t.cloud.addFaults(...faults);

  const answer = await t.call(method, path, body);

  expect(answer).toEqual({
    status: code,
    body: {
      error: {
        code,
        message: typeof message === 'string' ? message : expect.stringMatching(message),
        status,
        ...(refusal.details === undefined ? {} : { details: refusal.details }),
      },
    },
  });
});

const startFailed = { match: { service: 'web$' }, effect: 'start-fails' } as const;

test.each<{
  readonly title: string;
  readonly faults: readonly Fault[];
  readonly traffic?: string;
  readonly code: number;
  readonly message: RegExp;
}>([
  {
    title: 'a container that does not start',
    faults: [startFailed],
    code: 9,
    message:
      /^Revision 'web-two' is not ready and cannot serve traffic\. The user-provided container failed to start and listen on the port defined provided by the PORT=8080 environment variable within the allocated timeout\. This can happen when the container port is misconfigured or if the timeout is too short\. The health check timeout can be extended\. Logs for this revision might contain more information\.\n\nLogs URL: https:\/\/console\.cloud\.google\.com\/logs\/viewer\?project=p&resource=cloud_run_revision\/service_name\/web\/revision_name\/web-two&advancedFilter=/,
  },
  {
    title: 'a container that fails its probe',
    faults: [
      {
        ...startFailed,
        message: 'The user-provided container failed the configured startup probe checks.',
      },
    ],
    code: 9,
    message:
      /^Revision 'web-two' is not ready and cannot serve traffic\. The user-provided container failed the configured startup probe checks\. .*Logs URL: /s,
  },
  {
    title: 'an image that is missing',
    faults: [
      { ...startFailed, reason: 'CONTAINER_MISSING', message: "Image 'localhost:5000/web' not found." },
    ],
    code: 9,
    message:
      /^Revision 'web-two' is not ready and cannot serve traffic\. Image 'localhost:5000\/web' not found\.$/,
  },
  {
    title: 'traffic to a revision that is missing',
    faults: [],
    traffic: 'web-gone',
    code: 13,
    message:
      /^Revision 'web-gone' does not exist or is deleted\. Update all traffic to route to currently available revisions\.$/,
  },
  {
    title: 'a route that takes too long',
    faults: [{ match: {}, effect: 'routes-fail' }],
    code: 13,
    message: /^Waiting to reconcile Route\. Resource readiness deadline exceeded\.$/,
  },
])('$title fails the operation in the words of the real API', async ({ faults, traffic, code, message }) => {
  await using t = await testCloud();
  await deploy(t, 'web-one');
  t.cloud.addFaults(...faults);

  const failed = await t.write('PATCH', 'services/web', {
    template: template('web-two'),
    ...(traffic === undefined ? {} : { traffic: [to(traffic, 100)] }),
  });

  expect(failed).toMatchObject({
    status: 200,
    body: { done: true, error: { code, message: expect.stringMatching(message) } },
  });
});
