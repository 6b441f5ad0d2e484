import fc from 'fast-check';

import { neighbourShapes } from './test-neighbours.ts';
import { anything, messageOf } from './test-values.ts';

/** For tests: a request as it goes over the wire. */
export interface FuzzedRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

const RUN = 'google.cloud.run.v2';
const PARENT = '/v2/projects/p/locations/r';
const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS', 'PROPFIND', 'LOCK'];

const name = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom('web', 'api', 'job', 'web-one', '-') },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      '..',
      '.',
      '%2e%2e',
      '%2e%2e%2f%2e%2e%2fetc%2fpasswd',
      'a%2fb',
      '%00',
      'web%00',
      '%ff',
      '%',
      '%zz',
      '__proto__',
      'constructor',
      'W',
      'x'.repeat(300),
      '%F0%9F%92%A5',
      'a:b',
      'web;a=b',
      '..%5c..%5cwindows',
    ),
  },
);

const hostileBody = fc.constantFrom(
  '{',
  '[1,2',
  '{"a":}',
  'null',
  'true',
  '"text"',
  '[]',
  '0',
  'NaN',
  '\u0000',
  '\ufeff{}',
  '{"template":{},"template":[]}',
  '{"__proto__":{"template":1}}',
  '<xml/>',
  'a=b&c=d',
  '['.repeat(20_000),
  `${'{"template":'.repeat(5_000)}1${'}'.repeat(5_000)}`,
  `{"template":${'['.repeat(9_000)}${']'.repeat(9_000)}}`,
  `{"labels":{"a":"${'x'.repeat(100_000)}"}}`,
);

const valid = {
  Service: { template: { containers: [{ image: 'localhost:5000/web' }] } },
  Job: { template: { template: { containers: [{ image: 'localhost:5000/job' }] } } },
} as const;

function bodyOf(type: string): fc.Arbitrary<string> {
  const message = messageOf(`${RUN}.${type}`);
  const base: object = type in valid ? valid[type as keyof typeof valid] : {};
  return fc.oneof(
    { weight: 4, arbitrary: message.map((value) => JSON.stringify(merged(base, value))) },
    { weight: 2, arbitrary: message.map((value) => JSON.stringify(value)) },
    { weight: 1, arbitrary: fc.constant(JSON.stringify(base)) },
    { weight: 1, arbitrary: anything.map((value) => JSON.stringify(value)) },
    { weight: 1, arbitrary: hostileBody },
  );
}

function merged(base: object, value: unknown): unknown {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value, ...base } : value;
}

const hostileQuery = fc
  .array(
    fc.tuple(
      fc.constantFrom(
        'serviceId',
        'jobId',
        'updateMask',
        'update_mask',
        'validateOnly',
        'allowMissing',
        'pageSize',
        'pageToken',
        'etag',
        'filter',
        'name',
        'uploadType',
        'ifGenerationMatch',
        'generation',
        'maxResults',
        'prefix',
        'delimiter',
        'alt',
        '$alt',
        'unknown',
        '__proto__',
        'timeout',
      ),
      fc.constantFrom(
        'web',
        'api',
        'job',
        'true',
        'false',
        'traffic',
        'template.containers',
        'labels.a,__proto__.x',
        '*',
        '1',
        '0',
        '-1',
        '1e9',
        'NaN',
        '99999999999999999999',
        '%00',
        '%ff',
        '..%2f..%2fetc',
        '"x"',
        'media',
        'multipart',
        'json;enum-encoding=int',
        'x'.repeat(2_000),
      ),
    ),
    { maxLength: 3 },
  )
  .map((pairs) => (pairs.length === 0 ? '' : `?${pairs.map(([key, value]) => `${key}=${value}`).join('&')}`));

const headers = fc.oneof(
  { weight: 8, arbitrary: fc.constant({ 'content-type': 'application/json' }) },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      { 'content-type': 'text/plain' },
      { 'content-type': 'multipart/related; boundary=x' },
      { 'content-type': 'multipart/related' },
      { 'content-type': 'application/octet-stream', 'content-encoding': 'gzip' },
      { 'x-http-method-override': 'DELETE' },
      { 'if-match': '*', 'if-none-match': '"x"', range: 'bytes=99-1' },
      { authorization: 'Bearer x', 'x-goog-user-project': '../..' },
      { cookie: 'x'.repeat(4_000) },
    ),
  },
);

function queryOf(usual: readonly string[]): fc.Arbitrary<string> {
  return fc.oneof(
    { weight: 3, arbitrary: fc.constantFrom('', ...usual) },
    { weight: 1, arbitrary: hostileQuery },
  );
}

interface Shape {
  /** Queries that the method knows; none unless told. */
  readonly query?: readonly string[];
  readonly methods: readonly string[];
  readonly path: fc.Arbitrary<string>;
  readonly body: fc.Arbitrary<string>;
  readonly weight: number;
}

const none = fc.constant('');
const json = fc.oneof(
  anything.map((value) => JSON.stringify(value)),
  hostileBody,
);

function under(before: string, after = ''): fc.Arbitrary<string> {
  return name.map((segment) => `${before}${segment}${after}`);
}

const shapes: readonly Shape[] = [
  {
    weight: 8,
    methods: ['POST'],
    path: fc.constant(`${PARENT}/services`),
    body: bodyOf('Service'),
    query: ['?serviceId=web', '?serviceId=api', '?serviceId=new&validateOnly=true'],
  },
  {
    weight: 10,
    methods: ['PATCH'],
    path: under(`${PARENT}/services/`),
    body: bodyOf('Service'),
    query: [
      '?allowMissing=true',
      '?updateMask=traffic',
      '?updateMask=labels,template.containers',
      '?validateOnly=true',
    ],
  },
  {
    weight: 5,
    methods: ['POST'],
    path: fc.constant(`${PARENT}/jobs`),
    body: bodyOf('Job'),
    query: ['?jobId=job', '?jobId=web'],
  },
  {
    weight: 5,
    methods: ['PATCH'],
    path: under(`${PARENT}/jobs/`),
    body: bodyOf('Job'),
    query: ['?allowMissing=true'],
  },
  { weight: 3, methods: ['POST'], path: under(`${PARENT}/jobs/`, ':run'), body: bodyOf('RunJobRequest') },
  {
    weight: 3,
    methods: ['POST', 'PATCH'],
    path: under(`${PARENT}/workerPools/`),
    body: bodyOf('WorkerPool'),
  },
  { weight: 3, methods: ['POST'], path: fc.constant(`${PARENT}/workerPools`), body: bodyOf('WorkerPool') },
  {
    weight: 4,
    methods: ['GET', 'DELETE'],
    path: fc.oneof(
      ...['services/', 'jobs/', 'operations/', 'workerPools/'].map((part) => under(`${PARENT}/${part}`)),
      under(`${PARENT}/services/web/revisions/`),
      under(`${PARENT}/jobs/job/executions/`),
    ),
    body: none,
  },
  {
    weight: 4,
    methods: ['GET'],
    path: fc.constantFrom(
      ...['services', 'jobs', 'operations', 'workerPools', 'services/-/revisions', 'jobs/-/executions'].map(
        (part) => `${PARENT}/${part}`,
      ),
    ),
    body: none,
  },
  {
    weight: 3,
    methods: ['POST', 'GET'],
    path: fc
      .tuple(
        fc.constantFrom('services/', 'jobs/', 'operations/', 'jobs/job/executions/'),
        name,
        fc.constantFrom(
          'run',
          'cancel',
          'wait',
          'setIamPolicy',
          'getIamPolicy',
          'testIamPermissions',
          'nonsense',
        ),
      )
      .map(([part, segment, verb]) => `${PARENT}/${part}${segment}:${verb}`),
    body: json,
  },
  {
    weight: 4,
    methods: ['GET', 'POST', 'PUT', 'DELETE', 'PATCH'],
    path: fc.oneof(
      under('/apis/serving.knative.dev/v1/namespaces/p/services/'),
      under('/apis/run.googleapis.com/v1/namespaces/p/jobs/'),
      fc.constant('/apis/serving.knative.dev/v1/namespaces/p/services'),
      under('/v1/projects/', '/locations'),
      under('/v1/projects/p/secrets/', '/versions/latest:access'),
      under('/v1/projects/p/locations/r/repositories/'),
      fc.constantFrom(
        '/v3/projects/p/timeSeries',
        '/v2/entries:list',
        '/v1/token',
        '/v1/projects/p/occurrences',
      ),
    ),
    body: json,
  },
  {
    weight: 6,
    methods: ['POST', 'PUT'],
    path: fc.oneof(under('/upload/storage/v1/b/', '/o'), fc.constant('/upload/storage/v1/b/bucket/o')),
    query: [
      '?uploadType=media&name=o',
      '?uploadType=media&name=..%2f..%2fo',
      '?uploadType=multipart&name=o',
      '?uploadType=media&name=o&ifGenerationMatch=0',
    ],
    body: fc.oneof(
      json,
      fc.constant('--x\r\n\r\n{}\r\n--x\r\n\r\ncontent\r\n--x--'),
      fc.constant('--x--'),
      fc.constant('--x'),
    ),
  },
  {
    weight: 6,
    methods: ['GET', 'PATCH', 'DELETE', 'POST', 'HEAD'],
    path: fc.oneof(
      under('/storage/v1/b/bucket/o/'),
      fc.constant('/storage/v1/b/bucket/o/o'),
      fc.constant('/storage/v1/b/bucket/o'),
      under('/storage/v1/b/'),
      under('/download/storage/v1/b/bucket/o/'),
      under('/bucket/'),
      fc.constant('/storage/v1/b'),
    ),
    body: json,
  },
  {
    weight: 4,
    methods: ['GET', 'PUT', 'PATCH'],
    path: fc.oneof(
      under('/-/secrets/'),
      fc.constantFrom('/-/stats', '/-/logs', '/-/', '/-/nothing', '/-/../v2'),
    ),
    body: json,
  },
  // What a fault asks for would be answered, so none of these says what a fault must: the effect.
  { weight: 2, methods: ['POST', 'PUT'], path: fc.constant('/-/faults'), body: json },
  {
    weight: 4,
    methods: METHODS,
    path: fc.oneof(
      under('/'),
      under('/v2/'),
      under('/v2/projects/p/locations/'),
      fc.constantFrom(
        '/',
        '//',
        '/../../etc/passwd',
        '/v2/../../etc',
        '/%2e%2e/%2e%2e/etc',
        '/favicon.ico',
        '/console',
        '/?',
      ),
    ),
    body: json,
  },
];

const besides: readonly Shape[] = neighbourShapes.map(({ methods, paths, body, query = [] }) => ({
  weight: 4,
  methods,
  path: fc.constantFrom(...paths),
  body: fc
    .oneof(
      { weight: 6, arbitrary: body.map((value) => JSON.stringify(value) as string | undefined) },
      { weight: 1, arbitrary: hostileBody },
    )
    .map((text) => text ?? ''),
  query,
}));

/** For tests: requests as a client, a broken client or an attacker could send them. */
export const fuzzedRequest: fc.Arbitrary<FuzzedRequest> = fc
  .oneof(
    ...[...shapes, ...besides].map(({ weight, methods, path, body, query = [] }) => ({
      weight,
      arbitrary: fc.tuple(fc.constantFrom(...methods), path, queryOf(query), headers, body),
    })),
  )
  .map(([method, path, search, given, body]): FuzzedRequest => ({
    method,
    path: `${path}${search}`,
    headers: given,
    body: ['GET', 'HEAD'].includes(method) ? '' : body,
  }));
