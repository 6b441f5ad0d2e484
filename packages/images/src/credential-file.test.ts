import { expect, test } from '@jest/globals';

import { credentialRule } from './index.ts';

test.each([
  'gha-creds-0a1b2c.json',
  '.env',
  'web/.env.production',
  '.ENV',
  'deploy/id_ed25519',
  'store.p12',
  '.netrc',
])('%s holds credentials whatever is in it (BP-24)', (path) => {
  expect(credentialRule(path)).toEqual({ kind: 'name' });
});

test.each([
  ['tls/server.key', '-----BEGIN RSA PRIVATE KEY-----\nabc', true],
  ['server.pem', '-----BEGIN PRIVATE KEY-----\nabc', true],
  ['certifi/cacert.pem', '-----BEGIN CERTIFICATE-----\nabc', false],
  ['.npmrc', '//registry.npmjs.org/:_authToken=npm_abc', true],
  ['.npmrc', '//registry.npmjs.org/:_authToken=${NPM_TOKEN}\n# _auth=x', false],
  ['.pypirc', '[pypi]\npassword = abc', true],
])('%s with %j holds credentials: %s (BP-24)', (path, content, isCredential) => {
  const rule = credentialRule(path);

  expect(rule?.kind === 'content' && rule.pattern.test(content)).toBe(isCredential);
});

test.each(['.env.example', '.envrc.md', 'src/env.ts', 'key.ts', 'gha-creds.md', 'environment/.envelope'])(
  '%s may be in an image',
  (path) => {
    expect(credentialRule(path)).toBeUndefined();
  },
);
