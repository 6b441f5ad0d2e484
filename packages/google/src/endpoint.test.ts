import { expect, test } from '@jest/globals';
import { endpointOf } from './index.ts';

test('without an override the API is Google’s own', () => {
  expect(endpointOf({}, 'run')).toEqual({
    api: 'run',
    origin: 'https://run.googleapis.com',
    isLoopback: false,
  });
});

test.each([
  ['http://127.0.0.1:4000/', 'http://127.0.0.1:4000', true],
  ['http://localhost:4000', 'http://localhost:4000', true],
  ['http://[::1]:4000', 'http://[::1]:4000', true],
  ['https://run.example.com/', 'https://run.example.com', false],
])('an override to %s is taken', (override, origin, isLoopback) => {
  expect(endpointOf({ CLOUDSDK_API_ENDPOINT_OVERRIDES_STORAGE: override }, 'storage')).toEqual({
    api: 'storage',
    origin,
    isLoopback,
  });
});

test.each([
  ['http://10.0.0.1:4000/', 'may use plain http only to this machine'],
  ['http://localhost.example.com/', 'may use plain http only to this machine'],
  ['127.0.0.1:4000', 'must be an origin such as "http://127.0.0.1:4000/", got "127.0.0.1:4000"'],
  ['ftp://127.0.0.1/', 'must be an origin'],
  ['https://example.com/v2', 'must be an origin'],
  ['https://user:secret@example.com', 'must be an origin'],
])('an override to %s is refused', (override, message) => {
  expect(() => endpointOf({ CLOUDSDK_API_ENDPOINT_OVERRIDES_RUN: override }, 'run')).toThrow(
    `CLOUDSDK_API_ENDPOINT_OVERRIDES_RUN ${message}`,
  );
});
