import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';

import { artifactRegistryPath, formatReference, isLoopbackRegistry, parseReference } from './index.ts';

const DIGEST = `sha256:${'a'.repeat(64)}`;

describe('an image name', () => {
  test.each([
    [
      'us-central1-docker.pkg.dev/acme-prod/services/web:main-abc1234',
      { registry: 'us-central1-docker.pkg.dev', repository: 'acme-prod/services/web', tag: 'main-abc1234' },
    ],
    [`127.0.0.1:5000/a/b@${DIGEST}`, { registry: '127.0.0.1:5000', repository: 'a/b', digest: DIGEST }],
    [`localhost/web:v1@${DIGEST}`, { registry: 'localhost', repository: 'web', tag: 'v1', digest: DIGEST }],
    ['[::1]:5000/web', { registry: '[::1]:5000', repository: 'web' }],
    ['node:24-slim', { registry: 'docker.io', repository: 'library/node', tag: '24-slim' }],
    ['grafana/k6', { registry: 'docker.io', repository: 'grafana/k6' }],
  ])('%s is read part by part (BP-03)', (text, reference) => {
    expect(parseReference(text)).toEqual(reference);
  });

  test.each([
    [
      'us-docker.pkg.dev/acme-prod/services',
      'Artifact Registry needs PROJECT/REPOSITORY/IMAGE after the host',
    ],
    [
      'us-docker.pkg.dev/acme/services/web',
      '"acme" is no project ID (6 to 30 lower-case letters, digits and "-")',
    ],
    ['us-docker.pkg.dev/acme-prod/my_services/web', '"my_services" is no Artifact Registry repository'],
    ['docker.pkg.dev/acme-prod/services/web', '"docker.pkg.dev" must be LOCATION-docker.pkg.dev'],
    ['127.0.0.1:5000/Web', '"Web" must be lower-case letters and digits'],
    ['127.0.0.1:5000/../web', '"../web" must be lower-case letters and digits'],
    ['127.0.0.1:5000/web:-x', 'tag "-x" must be 1 to 128 letters'],
    ['127.0.0.1:5000/web@sha256:abc', '"sha256:abc" is no digest'],
    [`127.0.0.1:5000/web@${DIGEST}@${DIGEST}`, 'it has more than one "@"'],
    ['-x.example/web', '"-x.example" is no host'],
    ['', '"library/" must be lower-case letters'],
  ])('%j is refused with the part that is wrong', (text, because) => {
    expect(() => parseReference(text)).toThrow(because);
  });

  test('that was read is written as it was', () => {
    const part = fc.stringMatching(/^[a-z0-9]{1,8}$/);
    const reference = fc.record(
      {
        registry: fc.constantFrom('127.0.0.1:5000', 'localhost', 'registry.example.com', '[::1]:80'),
        repository: fc.array(part, { minLength: 1, maxLength: 4 }).map((parts) => parts.join('/')),
        tag: fc.stringMatching(/^[A-Za-z0-9_][A-Za-z0-9._-]{0,127}$/),
        digest: fc.stringMatching(/^sha256:[0-9a-f]{64}$/),
      },
      { requiredKeys: ['registry', 'repository'] },
    );

    fc.assert(
      fc.property(reference, (written) => {
        expect(parseReference(formatReference(written))).toEqual(written);
      }),
    );
  });

  test('is read or refused in words, whatever the text', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const outcome = attempt(() => formatReference(parseReference(text)));

        expect(['string', 'ImageError']).toContain(outcome);
      }),
    );
  });
});

test.each([
  [
    'acme-prod/services/web',
    { location: 'us-central1', project: 'acme-prod', repository: 'services', image: 'web' },
  ],
  [
    'acme-prod/services/a/b',
    { location: 'us-central1', project: 'acme-prod', repository: 'services', image: 'a/b' },
  ],
  [
    'example.com/acme-prod/services/web',
    { location: 'us-central1', project: 'example.com:acme-prod', repository: 'services', image: 'web' },
  ],
])('the place %s in Artifact Registry has project, repository and image (BP-03)', (repository, path) => {
  expect(artifactRegistryPath({ registry: 'us-central1-docker.pkg.dev', repository })).toEqual(path);
});

test.each([
  ['127.0.0.1:5000', true],
  ['localhost', true],
  ['[::1]:5000', true],
  ['127.0.0.1.example.com', false],
  ['us-docker.pkg.dev', false],
])('%s on this machine: %s', (registry, isLocal) => {
  expect(isLoopbackRegistry(registry)).toBe(isLocal);
});

function attempt(run: () => string): string {
  try {
    return typeof run();
  } catch (thrown) {
    return thrown instanceof Error ? thrown.name : 'something else';
  }
}
