import { createServer } from 'node:http';

import { describe, expect, test } from '@jest/globals';

import type { ServiceAccess } from '../../data-plane.ts';
import { listening, type Program, serving } from '../test-engine.ts';
import { service } from '../test-specs.ts';

const tellsHeaders: Program = async (port) => {
  const server = await listening(
    createServer((request, response) => response.end(request.headers.authorization ?? 'none')),
    port,
  );
  return { server };
};

const isPrivate: ServiceAccess = { isPublic: false, audiences: ['https://custom.example'] };
const inAnHour = Math.floor(Date.now() / 1_000) + 3_600;

function token(claims: object): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  return `${part({ alg: 'RS256' })}.${part(claims)}.c2lnbmF0dXJl`;
}

function bearer(claims: object): Record<string, string> {
  return { Authorization: `Bearer ${token(claims)}` };
}

describe('a private service', () => {
  test('refuses a request without a token as Cloud Run does', async () => {
    await using at = await serving(tellsHeaders);
    at.plane.setAccess(service, isPrivate);

    const response = await fetch(`${at.url}/<a>`);
    const body = await response.text();

    expect([response.status, response.headers.get('www-authenticate')]).toEqual([403, 'Bearer']);
    expect(response.headers.get('content-type')).toBe('text/html; charset=UTF-8');
    expect(body).toContain(
      'The request was not authenticated. Either allow unauthenticated invocations or set the proper Authorization header.',
    );
    expect(body).toContain('does not have permission to get URL <code>/%3Ca%3E</code>');
  });

  test.each<[string, (url: string) => Record<string, string>]>([
    ['no JSON Web Token', () => ({ Authorization: 'Bearer secret' })],
    ['a payload that is no JSON', () => ({ Authorization: 'Bearer e30.xx.yy' })],
    ['a token for another audience', () => bearer({ aud: 'https://other.example', exp: inAnHour })],
    ['a token for an address that only looks alike', (url) => bearer({ aud: `${url}0`, exp: inAnHour })],
    ['an expired token', (url) => bearer({ aud: url, exp: 1 })],
    ['a token that never expires', (url) => bearer({ aud: url })],
    [
      'a bad token beside a good one',
      (url) => ({ ...bearer({ aud: url, exp: inAnHour }), 'X-Serverless-Authorization': 'Bearer x' }),
    ],
  ])('answers 401 to %s', async (_name, headersFor) => {
    await using at = await serving(tellsHeaders);
    at.plane.setAccess(service, isPrivate);

    const response = await fetch(at.url, { headers: headersFor(at.url) });

    expect(response.status).toBe(401);
    expect(response.headers.get('www-authenticate')).toMatch(/^Bearer error="invalid_token"/);
  });

  test.each<[string, (url: string) => object]>([
    ['its own URL', (url) => ({ aud: url })],
    ['one of its custom audiences', () => ({ aud: 'https://custom.example' })],
    ['several audiences of which it is one', (url) => ({ aud: ['https://other.example', url] })],
  ])('lets in a token for %s', async (_name, claimsFor) => {
    await using at = await serving(tellsHeaders);
    at.plane.setAccess(service, isPrivate);

    const response = await fetch(at.url, { headers: bearer({ ...claimsFor(at.url), exp: inAnHour }) });

    expect(response.status).toBe(200);
  });

  test('is asked for at a tag with a token for the service, not for the tag', async () => {
    await using at = await serving(tellsHeaders);
    at.plane.setAccess(service, isPrivate);
    const { tagUrls } = await at.plane.setRoutes(service, {
      targets: [{ revision: 'web-1', percent: 100 }],
      tags: [{ tag: 'next', revision: 'web-1' }],
    });
    const tagUrl = tagUrls['next'] ?? '';

    const answers = await Promise.all(
      [at.url, tagUrl].map((aud) => fetch(tagUrl, { headers: bearer({ aud, exp: inAnHour }) })),
    );

    expect(answers.map(({ status }) => status)).toEqual([200, 401]);
  });

  test('asks the verifier that it was given', async () => {
    await using at = await serving(tellsHeaders, {
      options: {
        verifyToken: (said) => (said === 'magic' ? { kind: 'valid' } : { kind: 'invalid', because: 'no' }),
      },
    });
    at.plane.setAccess(service, isPrivate);

    const response = await fetch(at.url, { headers: { Authorization: 'bearer magic' } });

    expect(response.status).toBe(200);
  });

  test('hands the token on without what would let the container use it elsewhere', async () => {
    await using at = await serving(tellsHeaders);
    at.plane.setAccess(service, isPrivate);

    const response = await fetch(at.url, { headers: bearer({ aud: at.url, exp: inAnHour }) });

    expect(await response.text()).toMatch(/^Bearer [\w-]+\.[\w-]+\.SIGNATURE_REMOVED_BY_GOOGLE$/);
  });

  test('is open as soon as its policy says so', async () => {
    await using at = await serving(tellsHeaders, { options: { enforceInvoker: true } });
    const before = await fetch(at.url);

    at.plane.setAccess(service, { isPublic: true, audiences: [] });

    expect([before.status, (await fetch(at.url)).status]).toEqual([403, 200]);
  });
});

test('a service whose access nobody set is open, and its tokens arrive untouched', async () => {
  await using at = await serving(tellsHeaders);

  const response = await fetch(at.url, { headers: { Authorization: 'Bearer a.b.c' } });

  expect(await response.text()).toBe('Bearer a.b.c');
});

test.each<[ServiceAccess['ingress'], number, number]>([
  ['ALL', 200, 200],
  ['INTERNAL_ONLY', 404, 200],
  ['INTERNAL_LOAD_BALANCER', 404, 200],
  ['NONE', 404, 404],
])(
  'with ingress %s a request from outside is answered %d, one from inside %d',
  async (ingress, outside, inside) => {
    await using at = await serving(tellsHeaders);
    at.plane.setAccess(service, {
      isPublic: true,
      audiences: [],
      ...(ingress === undefined ? {} : { ingress }),
    });

    const answers = await Promise.all([
      fetch(at.url),
      fetch(at.url, { headers: { 'X-Local-Cloud-Internal': 'true' } }),
    ]);

    expect(answers.map(({ status }) => status)).toEqual([outside, inside]);
  },
);
