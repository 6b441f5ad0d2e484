import fc from 'fast-check';

import { mutated } from './test-values.ts';

/** For tests: a call that is right, but for what is mutated of its body. */
export interface NeighbourShape {
  readonly methods: readonly string[];
  readonly paths: readonly string[];
  readonly body: fc.Arbitrary<unknown>;
  readonly query?: readonly string[];
}

const template = {
  metadata: { name: 'web-one', annotations: { 'autoscaling.knative.dev/maxScale': '3' } },
  spec: {
    containerConcurrency: 80,
    timeoutSeconds: 300,
    containers: [
      {
        image: 'localhost:5000/web',
        ports: [{ name: 'http1', containerPort: 8080 }],
        env: [
          { name: 'A', value: 'b' },
          { name: 'S', valueFrom: { secretKeyRef: { name: 'key', key: 'latest' } } },
        ],
        resources: { limits: { cpu: '1', memory: '512Mi' } },
      },
    ],
  },
};
const knativeService = {
  apiVersion: 'serving.knative.dev/v1',
  kind: 'Service',
  metadata: {
    name: 'web',
    namespace: 'p',
    labels: { a: 'b' },
    annotations: { 'run.googleapis.com/ingress': 'all' },
  },
  spec: { template, traffic: [{ latestRevision: true, percent: 100, tag: 'green' }] },
};
const knativeJob = {
  apiVersion: 'run.googleapis.com/v1',
  kind: 'Job',
  metadata: { name: 'job', namespace: 'p' },
  spec: {
    template: {
      spec: {
        taskCount: 1,
        template: {
          spec: { maxRetries: 1, timeoutSeconds: '60', containers: [{ image: 'localhost:5000/job' }] },
        },
      },
    },
  },
};
const policy = {
  policy: { bindings: [{ role: 'roles/run.invoker', members: ['allUsers'] }], etag: 'BwY=', version: 1 },
  updateMask: 'bindings',
};
const exchange = {
  grantType: 'urn:ietf:params:oauth:grant-type:token-exchange',
  audience: '//iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/pool/providers/github',
  scope: 'https://www.googleapis.com/auth/cloud-platform',
  requestedTokenType: 'urn:ietf:params:oauth:token-type:access_token',
  subjectTokenType: 'urn:ietf:params:oauth:token-type:jwt',
  subjectToken: 'eyJhbGciOiJub25lIn0.eyJzdWIiOiJhIn0.',
};
const pool = {
  issuer: 'https://token.example',
  audiences: ['a'],
  attributeMapping: { 'google.subject': 'assertion.sub' },
  attributeCondition: "assertion.sub == 'a'",
};
const occurrence = {
  kind: 'VULNERABILITY',
  resourceUri: `https://h/app@sha256:${'0'.repeat(64)}`,
  vulnerability: { severity: 'HIGH', packageIssue: [{ affectedPackage: 'a' }] },
};
const entries = {
  resourceNames: ['projects/p'],
  filter: 'resource.type="cloud_run_revision" AND severity>=ERROR',
  orderBy: 'timestamp desc',
  pageSize: 10,
};
const filters = [
  '?filter=metric.type%3D%22run.googleapis.com%2Frequest_count%22&interval.startTime=2024-01-01T00:00:00Z&interval.endTime=2034-01-01T00:00:00Z',
  '?filter=((((&interval.endTime=x',
  '?filter=a%20AND%20OR%20%22&pageSize=-1&pageToken=%00',
  '?aggregation.alignmentPeriod=0s&aggregation.perSeriesAligner=ALIGN_RATE&interval.endTime=9999-12-31T23:59:59Z&filter=metric.type%3D%22x%22',
  '?filter=' + '('.repeat(3_000),
];

/** For tests: calls of v1, of IAM and of the services beside Cloud Run. */
export const neighbourShapes: readonly NeighbourShape[] = [
  {
    methods: ['POST', 'PUT', 'GET', 'DELETE'],
    paths: [
      'services',
      'services/web',
      'revisions',
      'revisions/web-one',
      'routes/web',
      'configurations/web',
    ].map((path) => `/apis/serving.knative.dev/v1/namespaces/p/${path}`),
    body: mutated(knativeService),
    query: [
      '?labelSelector=a%3Db',
      '?limit=1',
      '?limit=-1&continue=%00',
      '?dryRun=all',
      '?labelSelector=((',
      '?fieldSelector=metadata.name%3Dweb',
    ],
  },
  {
    methods: ['POST', 'PUT', 'GET', 'DELETE'],
    paths: [
      'jobs',
      'jobs/job',
      'jobs/job:run',
      'executions',
      'executions/job-1',
      'executions/job-1:cancel',
      'tasks',
    ].map((path) => `/apis/run.googleapis.com/v1/namespaces/p/${path}`),
    body: mutated(knativeJob),
  },
  {
    methods: ['POST', 'GET'],
    paths: ['services/web', 'jobs/job', 'workerPools/pool', 'services/-'].flatMap((path) =>
      ['getIamPolicy', 'setIamPolicy', 'testIamPermissions'].flatMap((verb) =>
        ['v1', 'v2'].map((version) => `/${version}/projects/p/locations/r/${path}:${verb}`),
      ),
    ),
    body: mutated({ ...policy, permissions: ['run.services.get'] }),
    query: ['?options.requestedPolicyVersion=3', '?options.requestedPolicyVersion=x'],
  },
  {
    methods: ['POST'],
    paths: [
      '/v1/token',
      '/v1/projects/-/serviceAccounts/a@p.iam.gserviceaccount.com:generateAccessToken',
      '/v1/projects/-/serviceAccounts/%2e%2e:generateIdToken',
    ],
    body: mutated({ ...exchange, scope: ['a'], lifetime: '3600s', includeEmail: true }),
  },
  {
    methods: ['PUT', 'POST'],
    paths: ['/-/issuers', '/-/identity', '/-/workload-identity', '/-/providers/github'],
    body: mutated(pool),
  },
  {
    methods: ['GET', 'POST', 'PUT', 'DELETE'],
    paths: [
      '/v1/projects/p/occurrences',
      '/v1beta1/projects/p/occurrences',
      '/v1/projects/p/occurrences/x',
      '/-/occurrences',
    ],
    body: fc.oneof(mutated(occurrence), mutated([occurrence])),
    query: filters,
  },
  {
    methods: ['GET', 'POST'],
    paths: ['/v3/projects/p/timeSeries', '/v3/projects/p/metricDescriptors'],
    body: mutated({}),
    query: filters,
  },
  {
    methods: ['POST'],
    paths: ['/v2/entries:list', '/v2/entries:tail', '/v2/entries:write'],
    body: mutated(entries),
  },
  {
    methods: ['GET', 'POST', 'PATCH', 'DELETE'],
    paths: [
      '',
      '/key',
      '/key:addVersion',
      '/key/versions',
      '/key/versions/latest',
      '/key/versions/1:access',
      '/key/versions/1:destroy',
      '/key/versions/99999999999999999999:access',
      '/..:addVersion',
    ].map((path) => `/v1/projects/p/secrets${path}`),
    body: mutated({ replication: { automatic: {} }, labels: { a: 'b' }, payload: { data: 'b25l' } }),
    query: ['?secretId=key', '?secretId=..', '?updateMask=labels', '?pageSize=1'],
  },
  {
    methods: ['GET', 'POST', 'PATCH', 'DELETE'],
    paths: [
      '',
      '/app',
      '/app/packages',
      '/app/packages/web',
      '/app/packages/web/versions',
      '/app/packages/web/versions/sha256:0',
      '/app/packages/web/tags',
      '/app/packages/a%2Fb/tags/latest',
      '/app/dockerImages',
      '/app/dockerImages/web@sha256:0',
      '/../packages',
    ].map((path) => `/v1/projects/p/locations/r/repositories${path}`),
    body: mutated({ format: 'DOCKER', name: 'app', version: 'v1', names: ['a'] }),
    query: ['?repositoryId=app', '?tagId=latest', '?pageSize=1e9&orderBy=(', '?force=true', ...filters],
  },
  {
    methods: ['POST', 'PUT', 'GET'],
    paths: [
      '/storage/v1/b/bucket/o/a/compose',
      '/storage/v1/b/bucket/o/a/copyTo/b/other/o/b',
      '/storage/v1/b/bucket/o/a/rewriteTo/b/..%2f/o/b',
      '/upload/storage/v1/b/bucket/o?uploadType=resumable&name=r',
      '/resumable/upload/storage/v1/b/bucket/o?uploadType=resumable&upload_id=x',
    ],
    body: mutated({
      sourceObjects: [{ name: 'o' }],
      destination: { contentType: 'a' },
      metadata: { a: 'b' },
      name: 'o',
    }),
  },
  {
    methods: ['GET', 'POST'],
    paths: ['/', '/console', '/console/services/p/r/web', '/ui', '/-/console', '/healthz'],
    body: mutated({ percent: '50', revision: 'web-one' }),
  },
];
