import { createHash } from 'node:crypto';

import fc from 'fast-check';

const CONTENT = '{"a":1}';
const digest = digestOf(CONTENT);
const manifest = JSON.stringify({
  schemaVersion: 2,
  mediaType: 'application/vnd.oci.image.manifest.v1+json',
  config: { mediaType: 'application/vnd.oci.image.config.v1+json', digest, size: CONTENT.length },
  layers: [],
});

function digestOf(text: string): string {
  return `sha256:${createHash('sha256').update(text).digest('hex')}`;
}

const name = fc.constantFrom(
  'app',
  'app',
  'acme/app',
  'a'.repeat(300),
  `${'a/'.repeat(120)}a`,
  '..',
  '%2e%2e%2f%2e%2e',
  'app%2f..%2f..%2fevil',
  'app%00',
  '__proto__',
  'App',
  'app//app',
  '_tags',
  'app/_manifests',
);
const reference = fc.constantFrom(
  'latest',
  digest,
  digestOf(manifest),
  '..',
  '%2e%2e%2fevil',
  'sha256:..%2f..%2fevil',
  `sha256:${'0'.repeat(64)}`,
  'sha512:00',
  `md5:${'0'.repeat(32)}`,
  'x'.repeat(128),
  'x'.repeat(129),
  '%00',
  '%',
);
const query = fc.constantFrom(
  '',
  `?digest=${digest}`,
  `?digest=${digestOf('other')}`,
  '?digest=..%2fevil',
  `?mount=${digest}&from=acme/app`,
  '?mount=x&from=..',
  '?n=-1',
  '?n=1e9&last=%00',
  '?artifactType=%ff',
);
const path = fc.oneof(
  fc.tuple(name, query).map(([one, search]) => `/v2/${one}/blobs/uploads/${search}`),
  fc.tuple(name, reference, query).map(([one, ref, search]) => `/v2/${one}/manifests/${ref}${search}`),
  fc.tuple(name, reference, query).map(([one, ref, search]) => `/v2/${one}/blobs/${ref}${search}`),
  fc.tuple(name, reference, query).map(([one, ref, search]) => `/v2/${one}/blobs/uploads/${ref}${search}`),
  fc.tuple(name, reference).map(([one, ref]) => `/v2/${one}/referrers/${ref}`),
  fc.tuple(name, query).map(([one, search]) => `/v2/${one}/tags/list${search}`),
  fc.constantFrom('/', '/v2', '/v2/', '/v2/_catalog', '//', '/v2/../..', '/v2/token?scope=%00', '/v2/x'),
);
const body = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(CONTENT, manifest) },
  {
    weight: 1,
    arbitrary: fc.constantFrom('', '{', '[]', 'null', '{"schemaVersion":"2"}', '['.repeat(20_000), '\u0000'),
  },
  { weight: 1, arbitrary: fc.json() },
  {
    weight: 1,
    arbitrary: fc
      .jsonValue()
      .map((value) => JSON.stringify({ schemaVersion: 2, config: value, layers: value, subject: value })),
  },
);
const headers = fc.constantFrom<Readonly<Record<string, string>>>(
  { 'content-type': 'application/vnd.oci.image.manifest.v1+json' },
  { 'content-type': 'application/vnd.oci.image.index.v1+json' },
  { 'content-type': 'text/plain' },
  { 'content-range': '9-1' },
  { 'content-range': 'bytes 0-99999999999999999999/*' },
  { accept: 'x'.repeat(2_000) },
  { range: 'bytes=5-1', 'if-none-match': '*' },
  { authorization: 'Basic ====' },
);

/** For tests: a request to the registry, with a body where the method may have one. */
export const registryRequest = fc
  .tuple(
    fc.constantFrom('GET', 'HEAD', 'POST', 'PUT', 'PUT', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'),
    path,
    headers,
    body,
  )
  .map(([method, at, given, text]) => ({
    method,
    path: at,
    headers: given,
    body: ['GET', 'HEAD'].includes(method) ? undefined : text,
  }));
