import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { getProtoPath } from 'google-proto-files';
import protobuf from 'protobufjs';

import { readMessage } from '../http/proto-json.ts';
import { RPC_METHODS } from '../http/proto-methods.ts';
import { RPC_DETAILS } from '../http/rpc-details.ts';
import { anyMessage } from '../http/test-message.ts';
import { decodeMessage, encodeMessage } from './proto-wire.ts';

const REQUESTS = [...new Set(RPC_METHODS.map(({ requestType }) => requestType))];

test('every request says the same as JSON and on the wire', () => {
  const anyRequest = fc
    .constantFrom(...REQUESTS)
    .chain((type) => anyMessage(type).map((message) => ({ type, message })));

  fc.assert(
    fc.property(anyRequest, ({ type, message }) => {
      expect(readMessage(type, message)).toEqual(message);
      expect(decodeMessage(type, encodeMessage(type, message))).toEqual(message);
    }),
    { numRuns: 300 },
  );
});

test.each([
  ['2025-11-12T14:55:25Z', '2025-11-12T14:55:25Z'],
  ['2025-11-12T14:55:25.5Z', '2025-11-12T14:55:25.500000000Z'],
  ['2025-11-12T16:55:25.000001+02:00', '2025-11-12T14:55:25.000001000Z'],
])('the time %s comes back as %s', (given, expected) => {
  const type = 'google.cloud.run.v2.Service';

  const decoded = decodeMessage(type, encodeMessage(type, { updateTime: given }));

  expect(decoded).toEqual({ updateTime: expected });
});

test('an answer that its proto does not know cannot be sent', () => {
  expect(() => encodeMessage('google.cloud.run.v2.Service', { colour: 'red' })).toThrow(
    'Unknown name "colour"',
  );
});

test('the details of errors are those that Google publishes', () => {
  const published = protobuf.loadSync(getProtoPath('rpc', 'error_details.proto'));

  const nested = published.lookup('google.rpc')?.toJSON() as { nested: Record<string, object> };

  expect(nested.nested).toMatchObject(RPC_DETAILS);
});
