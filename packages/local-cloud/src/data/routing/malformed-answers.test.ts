import { request } from 'node:http';
import { connect as connectHttp2, type IncomingHttpHeaders } from 'node:http2';
import { createServer } from 'node:net';
import { text } from 'node:stream/consumers';

import { expect, test } from '@jest/globals';

import { listening, type Program, serving } from '../test-engine.ts';

/** Answers whatever is asked with these bytes. */
function saying(answer: string): Program {
  return async (port) => ({
    server: await listening(
      createServer((client) => {
        client.on('error', () => undefined);
        client.once('data', () => client.end(answer, 'latin1'));
      }),
      port,
    ),
  });
}

function overHttp1(url: string): Promise<number | string | undefined> {
  return new Promise((resolve) => {
    request(url, (answer) => {
      text(answer).then(
        () => {
          resolve(answer.statusCode);
        },
        () => {
          resolve('cut');
        },
      );
    })
      .on('error', () => {
        resolve('cut');
      })
      .end();
  });
}

async function overHttp2(url: string): Promise<number | string | undefined> {
  const session = connectHttp2(url);
  const stream = session.request({ ':path': '/' });
  let status: number | undefined;
  stream.on('response', (headers: IncomingHttpHeaders & { ':status'?: number }) => {
    status = headers[':status'];
  });
  stream.resume();
  const isCut = await new Promise<boolean>((resolve) => {
    stream.once('error', () => {
      resolve(true);
    });
    stream.once('end', () => {
      resolve(false);
    });
  });
  session.destroy();
  return isCut ? 'cut' : status;
}

const whole = 'Content-Length: 2\r\nConnection: close\r\n\r\nok';
const chunked = 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n';
const switching = 'HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\n';

test.each([
  ['two types', `HTTP/1.1 200 OK\r\nContent-Type: a/b\r\nContent-Type: c/d\r\n${whole}`, 200, 200],
  ['no status', `HTTP/1.1 000 X\r\n${whole}`, 503, 503],
  ['a status of no class', `HTTP/1.1 999 X\r\n${whole}`, 999, 503],
  ['a change of protocol that nobody asked for', switching, 503, 503],
  ['a reason with a control character', `HTTP/1.1 200 O\u0001K\r\n${whole}`, 503, 200],
  ['a header of the connection after the body', `${chunked}Connection: x\r\nTE: gzip\r\n\r\n`, 200, 'cut'],
])('an answer with %s breaks nothing but itself', async (_what, answer, http1, http2) => {
  await using at = await serving(saying(answer));

  expect([await overHttp1(at.url), await overHttp2(at.url)]).toEqual([http1, http2]);
});
