import { expect, test } from '@jest/globals';

import { checkReply } from './test-reply.ts';

const get = { method: 'GET', url: 'http://127.0.0.1:4000/v2/projects/p/locations/r/services/web' };
const wait = { method: 'POST', url: 'http://127.0.0.1:4000/v2/projects/p/locations/r/operations/1:wait' };
const type = 'type.googleapis.com/google.cloud.run.v2.Service';

test.each<[string, Parameters<typeof checkReply>[0], number, object, RegExp]>([
  ['a field that there is not', get, 200, { colour: 'red' }, /Unknown name "colour"/],
  ['an enum value that there is not', get, 200, { ingress: 'SOME' }, /Invalid value at 'ingress'/],
  ['a number for a text', get, 200, { generation: 1.5 }, /Invalid value at 'generation'/],
  ['the spelling of the proto', get, 200, { create_time: '2025-11-12T14:55:25Z' }, /spells "create_time"/],
  ['a wrong message inside', wait, 200, { response: { '@type': type, colour: 'red' } }, /at 'response'/],
  ['an error of another code', get, 404, { error: { code: 400, status: 'NOT_FOUND' } }, /its own code/],
  [
    'details of no known type',
    get,
    404,
    { error: { code: 404, status: 'NOT_FOUND', message: '', details: [{ '@type': 'x/y.Z' }] } },
    /google\.protobuf\.Any/,
  ],
])('an answer with %s fails a test', (_, call, status, body, message) => {
  expect(() => {
    checkReply(call, status, body);
  }).toThrow(message);
});
