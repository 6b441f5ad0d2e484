import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import { createServer as createTcp } from 'node:net';

import { expect, test } from '@jest/globals';
import { WebSocket } from 'ws';

import type { DataPlaneOptions } from '../plane.ts';
import type { RequestRecord } from '../requests/request-record.ts';
import { listening, type Program, serving } from '../test-engine.ts';
import { service } from '../test-specs.ts';

const refusing: Program = async (port) => {
  const server = createServer();
  server.on('upgrade', (_request, socket) => {
    socket.end('HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\nConnection: close\r\n\r\n');
  });
  return { server: await listening(server, port) };
};

const breaking: Program = async (port) => ({
  server: await listening(
    createTcp((client) => {
      client.on('error', () => undefined);
      client.once('data', () => client.end());
    }),
    port,
  ),
});

const silent: Program = async (port) => {
  const server = createServer();
  server.on('upgrade', () => undefined);
  return {
    server: await listening(server, port),
    cut: () => {
      server.closeAllConnections();
    },
  };
};

function logged(): {
  readonly options: Pick<DataPlaneOptions, 'onRequest'>;
  readonly next: Promise<RequestRecord>;
} {
  const { promise, resolve } = Promise.withResolvers<RequestRecord>();
  return {
    options: {
      onRequest: (_revision, record) => {
        resolve(record);
      },
    },
    next: promise,
  };
}

async function refusalOf(url: string): Promise<number | undefined> {
  const socket = new WebSocket(url.replace('http', 'ws'));
  socket.on('error', () => undefined);
  const [, answer] = (await once(socket, 'unexpected-response')) as [object, IncomingMessage];
  answer.resume();
  return answer.statusCode;
}

test.each([
  ['the container refuses', refusing, 401],
  ['the container answers nothing', breaking, 503],
  ['the container says nothing in time', silent, 504],
])('a WebSocket that %s is counted and logged as that', async (_what, program, status) => {
  const log = logged();
  await using at = await serving(program, { options: log.options, spec: { timeoutSeconds: 1 } });

  expect(await refusalOf(at.url)).toBe(status);
  expect((await log.next).status).toBe(status);
  expect(at.plane.stats(`${service}/revisions/web-1`)?.byClass).toMatchObject({
    [`${Math.floor(status / 100)}xx`]: 1,
  });
});

test('a WebSocket brings the token without its signature, and one list of where it comes from', async () => {
  let headers: IncomingMessage['headers'] = {};
  await using at = await serving(async (port) => {
    const server = createServer();
    server.on('upgrade', (request, socket) => {
      ({ headers } = request);
      socket.end('HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n');
    });
    return { server: await listening(server, port) };
  });
  at.plane.setAccess(service, { isPublic: false, audiences: [] });
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const token = `${part({ alg: 'RS256' })}.${part({ aud: at.url, exp: Math.floor(Date.now() / 1_000) + 60 })}`;

  const socket = new WebSocket(at.url.replace('http', 'ws'), {
    headers: { Authorization: `Bearer ${token}.c2lnbmF0dXJl`, 'X-Forwarded-For': '10.0.0.1' },
  });
  await once(socket, 'error');

  expect(headers.authorization).toBe(`Bearer ${token}.SIGNATURE_REMOVED_BY_GOOGLE`);
  expect(headers['x-forwarded-for']).toBe('10.0.0.1, 127.0.0.1');
});
