import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import { connect as connectHttp2 } from 'node:http2';
import { createConnection } from 'node:net';
import { text } from 'node:stream/consumers';

import { describe, expect, test } from '@jest/globals';
import { WebSocket, WebSocketServer } from 'ws';

import type { RevisionSpec } from '../../data-plane.ts';
import type { DataPlaneOptions, RequestRecord } from '../index.ts';
import { listening, type Program, serving } from '../test-engine.ts';
import { revisionSpec, service } from '../test-specs.ts';

function http1(listener: RequestListener): Program {
  return async (port) => {
    const server = await listening(createServer(listener), port);
    return {
      server,
      cut: () => {
        server.closeAllConnections();
      },
    };
  };
}

const hello = http1((request, response) => {
  request.resume();
  request.on('end', () => response.end('hello'));
});

interface Asked {
  readonly spec?: Partial<RevisionSpec>;
  readonly options?: Partial<DataPlaneOptions>;
}

/** A service of this program whose log of requests is waited for. */
async function logged(program: Program, { spec = {}, options = {} }: Asked = {}) {
  const seen: [string, RequestRecord][] = [];
  const waiting: (() => void)[] = [];
  const at = await serving(program, {
    spec,
    options: {
      ...options,
      onRequest: (...entry) => {
        seen.push(entry);
        waiting.splice(0).forEach((resolve) => {
          resolve();
        });
      },
    },
  });
  return {
    ...at,
    seen,
    /** The first so many records, once they are there. */
    records: async (count: number): Promise<readonly RequestRecord[]> => {
      while (seen.length < count) await new Promise<void>((resolve) => waiting.push(resolve));
      return seen.map(([, record]) => record);
    },
  };
}

describe('a request is logged', () => {
  test('with what went over the wire, each of a connection for itself', async () => {
    await using at = await logged(hello);
    const { host } = new URL(at.url);
    const first = `POST /a?b=c HTTP/1.1\r\nHost: ${host}\r\nUser-Agent: test/1\r\nReferer: http://x/\r\nContent-Length: 3\r\n\r\nabc`;
    const second = `GET /next HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`;
    const socket = createConnection(Number(new URL(at.url).port), '127.0.0.1');

    socket.write(first);
    const [one] = (await once(socket, 'data')) as [Buffer];
    socket.write(second);
    const two = await text(socket);
    const records = await at.records(2);

    expect(at.seen.map(([revision]) => revision)).toEqual(Array(2).fill(revisionSpec('').name));
    expect(records).toMatchObject([
      {
        method: 'POST',
        url: `${at.url}/a?b=c`,
        status: 200,
        sizes: { request: first.length, response: one.length },
        userAgent: 'test/1',
        referer: 'http://x/',
        remoteIp: '127.0.0.1',
        protocol: 'HTTP/1.1',
        instance: at.engine.launches[0]?.id,
      },
      {
        method: 'GET',
        url: `${at.url}/next`,
        sizes: { request: second.length, response: two.length },
      },
    ]);
    expect(records[1]?.userAgent).toBeUndefined();
  });

  test('over HTTP/2 with its bodies', async () => {
    await using at = await logged(hello);
    const session = connectHttp2(at.url);

    const stream = session.request({ ':method': 'POST', ':path': '/' });
    stream.end('x'.repeat(50_000));
    await text(stream);
    const [record] = await at.records(1);
    session.close();

    expect(record).toMatchObject({ protocol: 'HTTP/2', method: 'POST', url: `${at.url}/`, status: 200 });
    expect(record?.sizes.request).toBeGreaterThan(50_000);
    expect(record?.sizes.request).toBeLessThan(50_500);
    expect(record?.sizes.response).toBeGreaterThan(5);
    expect(record?.sizes.response).toBeLessThan(500);
  });

  test('when a WebSocket ends', async () => {
    await using at = await logged(async (port) => {
      const server = createServer();
      new WebSocketServer({ server }).on('connection', (socket) => {
        socket.close();
      });
      return { server: await listening(server, port) };
    });

    await once(new WebSocket(at.url.replace('http', 'ws')), 'close');

    expect(await at.records(1)).toMatchObject([{ method: 'GET', status: 101 }]);
  });

  test('when its client does not wait for the answer', async () => {
    const arrived = Promise.withResolvers<undefined>();
    await using at = await logged(
      http1(() => {
        arrived.resolve(undefined);
      }),
    );
    const patience = new AbortController();

    const answer = fetch(at.url, { signal: patience.signal }).catch(() => 'gone');
    await arrived.promise;
    patience.abort();

    expect(await answer).toBe('gone');
    expect(await at.records(1)).toMatchObject([{ status: 499, sizes: { response: 0 } }]);
  });
});

describe('what the platform answers by itself is logged', () => {
  test('when the time of the request is up', async () => {
    await using at = await logged(
      http1(() => undefined),
      { spec: { timeoutSeconds: 0.05 } },
    );

    await fetch(at.url);

    expect(await at.records(1)).toMatchObject([
      {
        status: 504,
        said: 'The request has been terminated because it has reached the maximum request timeout. To change this limit, see https://cloud.google.com/run/docs/configuring/request-timeout',
      },
    ]);
  });

  test('when the instance breaks off', async () => {
    await using at = await logged(http1((request) => request.socket.destroy()));

    await fetch(at.url, { method: 'POST' });

    expect(await at.records(1)).toMatchObject([
      {
        status: 503,
        said: expect.stringMatching(
          /^The request failed because either the HTTP response was malformed or connection to the instance had an error\. /,
        ),
      },
    ]);
  });

  test('when no instance has room', async () => {
    const arrived = Promise.withResolvers<() => void>();
    await using at = await logged(
      http1((_request, response) => {
        arrived.resolve(() => response.end());
      }),
      { spec: { concurrency: 1, maxInstances: 1 }, options: { queueMs: 20 } },
    );

    const first = fetch(at.url);
    const answer = await arrived.promise;
    await fetch(at.url);
    const [record] = await at.records(1);
    answer();
    await first;

    expect(record).toMatchObject({
      status: 429,
      said: expect.stringMatching(/^The request was aborted because there was no available instance\. /),
    });
    expect(record?.instance).toBeUndefined();
  });

  test.each([
    [{}, 403, /^The request was not authenticated\. Either allow unauthenticated invocations/],
    [{ Authorization: 'Bearer x' }, 401, /^The request was not authorized to invoke this service\. /],
  ])('when a private service is asked with %j', async (headers, status, said) => {
    await using at = await logged(hello);
    at.plane.setAccess(service, { isPublic: false, audiences: [] });

    await fetch(at.url, { headers });

    expect(await at.records(1)).toMatchObject([{ status, said: expect.stringMatching(said), latencyMs: 0 }]);
    expect(at.seen[0]?.[0]).toBe(revisionSpec('').name);
  });

  test('but not what the ingress keeps out', async () => {
    await using at = await logged(hello);
    at.plane.setAccess(service, { isPublic: true, ingress: 'INTERNAL_ONLY', audiences: [] });

    const outside = await fetch(at.url);
    await fetch(at.url, { headers: { 'X-Local-Cloud-Internal': 'yes' } });

    expect(outside.status).toBe(404);
    expect(await at.records(1)).toMatchObject([{ status: 200 }]);
  });
});

describe('the container gets the trace of the request', () => {
  const tellsTrace = http1(({ headers }, response) => {
    response.end(JSON.stringify([headers.traceparent, headers['x-cloud-trace-context']]));
  });
  const id = '4bf92f3577b34da6a3ce929d0e0e4736';
  const span = '00f067aa0ba902b7';

  test.each([
    ['traceparent', { traceparent: `00-${id}-${span}-01` }, true],
    ['traceparent of a later version', { traceparent: `01-${id}-${span}-00-more` }, false],
    ['X-Cloud-Trace-Context', { 'X-Cloud-Trace-Context': `${id}/67667974448284343;o=1` }, true],
    ['X-Cloud-Trace-Context without options', { 'X-Cloud-Trace-Context': id }, false],
    [
      'both, of which traceparent counts',
      { 'X-Cloud-Trace-Context': `${'1'.repeat(32)}/1;o=1`, traceparent: `00-${id}-${span}-00` },
      false,
    ],
  ])('given by %s', async (_name, headers, isSampled) => {
    await using at = await logged(tellsTrace);

    const [w3c = '', cloud = ''] = (await (await fetch(at.url, { headers })).json()) as string[];
    const [record] = await at.records(1);
    const own = record?.trace.span ?? '';

    expect(record?.trace).toEqual({ id, span: expect.stringMatching(/^[\da-f]{16}$/), isSampled });
    expect(own).not.toBe(span);
    expect(w3c).toBe(`00-${id}-${own}-0${isSampled ? 1 : 0}`);
    expect(cloud).toBe(`${id}/${BigInt(`0x${own}`)};o=${isSampled ? 1 : 0}`);
  });

  test.each([
    {},
    { traceparent: `00-${'0'.repeat(32)}-${span}-01` },
    { traceparent: `ff-${id}-${span}-01` },
    { traceparent: 'what' },
    { 'X-Cloud-Trace-Context': 'abc/1;o=1' },
  ])('which is a new one for %j', async (headers: Record<string, string>) => {
    await using at = await logged(tellsTrace);

    const [w3c] = (await (await fetch(at.url, { headers })).json()) as string[];
    const [record] = await at.records(1);

    expect(record?.trace.id).toMatch(/^[\da-f]{32}$/);
    expect(record?.trace.id).not.toBe(id);
    expect(w3c).toBe(`00-${record?.trace.id}-${record?.trace.span}-00`);
  });

  test('on a WebSocket, too', async () => {
    const headers = Promise.withResolvers<object>();
    await using at = await logged(async (port) => {
      const server = createServer();
      new WebSocketServer({ server }).on('connection', (socket, request) => {
        headers.resolve(request.headers);
        socket.close();
      });
      return { server: await listening(server, port) };
    });

    await once(
      new WebSocket(at.url.replace('http', 'ws'), { headers: { traceparent: `00-${id}-${span}-01` } }),
      'close',
    );
    const [record] = await at.records(1);

    expect(await headers.promise).toMatchObject({ traceparent: `00-${id}-${record?.trace.span}-01` });
  });
});
