import { once } from 'node:events';
import { createServer, type RequestListener, request } from 'node:http';
import { connect, createServer as createHttp2Server, type ServerHttp2Stream } from 'node:http2';
import { createConnection } from 'node:net';
import { text } from 'node:stream/consumers';

import {
  type ClientReadableStream,
  credentials,
  makeGenericClientConstructor,
  Metadata,
  Server as GrpcServer,
  ServerCredentials,
  type ServerUnaryCall,
  type ServerWritableStream,
  type sendUnaryData,
  type ServiceDefinition,
  status,
} from '@grpc/grpc-js';
import { describe, expect, test } from '@jest/globals';
import { WebSocket, WebSocketServer } from 'ws';

import { listening, type Program, serving } from '../test-engine.ts';

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

function http2(onStream: (stream: ServerHttp2Stream, path: string) => void): Program {
  return async (port) => {
    const server = createHttp2Server();
    server.on('stream', (stream, headers) => {
      onStream(stream, headers[':path'] ?? '');
    });
    return { server: await listening(server, port) };
  };
}

/** Everything that comes over a connection on which `sent` is written. */
async function raw(url: string, sent: string): Promise<string> {
  const socket = createConnection(Number(new URL(url).port), '127.0.0.1');
  socket.write(sent);
  return text(socket);
}

describe('over HTTP/1.1', () => {
  test('an event stream arrives line by line', async () => {
    const lines = ['data: one\n\n', 'data: two\n\n'];
    let sendNext: () => void = () => undefined;
    await using at = await serving(
      http1((_request, response) => {
        response.writeHead(200, { 'Content-Type': 'text/event-stream' });
        response.flushHeaders();
        sendNext = () => {
          const line = lines.shift();
          if (line === undefined) response.end();
          else response.write(line);
        };
      }),
    );

    const response = await fetch(at.url);
    const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
    sendNext();
    const first = await reader?.read();
    sendNext();
    const second = await reader?.read();
    sendNext();

    expect([first?.value, second?.value]).toEqual(['data: one\n\n', 'data: two\n\n']);
    expect(await reader?.read()).toEqual({ done: true, value: undefined });
  });

  test('one connection carries one request after the other', async () => {
    await using at = await serving(http1((asked, response) => response.end(asked.url)));

    const answers = await raw(
      at.url,
      'GET /a HTTP/1.1\r\nHost: x\r\n\r\nGET /b HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n',
    );

    expect(answers.match(/^\/[ab]|\/[ab]$/gm)).toEqual(['/a', '/b']);
  });

  test('an answer to HEAD has headers and no body', async () => {
    await using at = await serving(
      http1((_request, response) => response.writeHead(200, { 'Content-Length': 1_000 }).end()),
    );

    const response = await fetch(at.url, { method: 'HEAD' });

    expect([response.headers.get('content-length'), await response.text()]).toEqual(['1000', '']);
  });

  test('hints that come before the answer do not disturb it', async () => {
    await using at = await serving(
      http1((_request, response) => {
        response.writeEarlyHints({ link: '</style.css>; rel=preload' });
        response.end('answer');
      }),
    );

    expect(await (await fetch(at.url)).text()).toBe('answer');
  });

  test('a client that asks first sends its body when the container wants it', async () => {
    await using at = await serving(http1((asked, response) => asked.pipe(response)));
    const asked = request(at.url, {
      method: 'POST',
      headers: { Expect: '100-continue', 'Content-Length': 4 },
    });

    asked.flushHeaders();
    await once(asked, 'continue');
    asked.end('body');
    const [response] = (await once(asked, 'response')) as [NodeJS.ReadableStream];

    expect(await text(response)).toBe('body');
  });

  test('a client that asks first keeps its body when the container refuses', async () => {
    await using at = await serving(async (port) => {
      const server = createServer();
      server.on('checkContinue', (_request, response) => response.writeHead(413).end('too large'));
      return { server: await listening(server, port) };
    });

    const answer = await raw(
      at.url,
      'POST / HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 4\r\nConnection: close\r\n\r\n',
    );

    expect(answer).toMatch(/^HTTP\/1\.1 413 /);
  });

  test('trailers follow the body', async () => {
    await using at = await serving(
      http1((_request, response) => {
        response.writeHead(200, { Trailer: 'X-Sum' });
        response.write('body');
        response.addTrailers({ 'X-Sum': '42' });
        response.end();
      }),
    );

    const asked = request(at.url).end();
    const [response] = (await once(asked, 'response')) as [
      NodeJS.ReadableStream & { readonly trailers: object },
    ];

    expect(await text(response)).toBe('body');
    expect(response.trailers).toEqual({ 'x-sum': '42' });
  });

  test('20 MB go up and come back whole', async () => {
    await using at = await serving(http1((asked, response) => asked.pipe(response)));
    const body = Buffer.alloc(20 * 2 ** 20, 'fairlead');

    const response = await fetch(at.url, { method: 'POST', body });

    expect(Buffer.from(await response.arrayBuffer()).equals(body)).toBe(true);
  });

  test('an instance that breaks off in the middle of its answer breaks off the answer', async () => {
    await using at = await serving(
      http1((_request, response) => {
        response.writeHead(200, { 'Content-Length': 100 });
        response.write('half', () => response.destroy());
      }),
    );

    const response = await fetch(at.url);

    await expect(response.text()).rejects.toThrow('terminated');
  });
});

test('a WebSocket passes messages in both directions', async () => {
  await using at = await serving(async (port) => {
    const server = await listening(createServer(), port);
    const sockets = new WebSocketServer({ server });
    sockets.on('connection', (socket) => {
      socket.on('message', (message: Buffer) => {
        socket.send(`echo ${message.toString()}`);
      });
    });
    return {
      server,
      cut: () => {
        sockets.clients.forEach((client) => {
          client.terminate();
        });
      },
    };
  });
  const socket = new WebSocket(at.url.replace('http', 'ws'));
  await once(socket, 'open');

  socket.send('one');
  const [first] = (await once(socket, 'message')) as [Buffer];
  socket.send('two');
  const [second] = (await once(socket, 'message')) as [Buffer];
  socket.close();
  await once(socket, 'close');

  expect([first.toString(), second.toString()]).toEqual(['echo one', 'echo two']);
});

describe('over HTTP/2 without TLS', () => {
  async function asked(url: string, headers: Record<string, string>, body?: string) {
    const session = connect(url);
    const stream = session.request(headers, { endStream: body === undefined });
    if (body !== undefined) stream.end(body);
    const [fields] = (await once(stream, 'response')) as [Record<string, string>];
    const said = await text(stream);
    session.close();
    return { fields, said };
  }

  test('a client is answered by a container that speaks HTTP/1.1', async () => {
    await using at = await serving(
      http1((asking, response) => {
        response.setHeader('X-Seen', `${asking.httpVersion} ${asking.headers.cookie ?? ''}`);
        asking.pipe(response);
      }),
    );

    const { fields, said } = await asked(at.url, { ':method': 'POST', ':path': '/', cookie: 'a=1' }, 'hello');

    expect([fields[':status'], fields['x-seen'], said]).toEqual([200, '1.1 a=1', 'hello']);
  });

  test('a client of HTTP/1.1 is answered by a container that speaks h2c', async () => {
    await using at = await serving(
      http2((stream, path) => {
        stream.respond({ ':status': 201, 'x-path': path });
        stream.pipe(stream);
      }),
      { spec: { h2c: true } },
    );

    const response = await fetch(`${at.url}/up?x=1`, { method: 'POST', body: 'hello' });

    expect([response.status, response.headers.get('x-path'), await response.text()]).toEqual([
      201,
      '/up?x=1',
      'hello',
    ]);
  });

  test('many requests at once share one connection to the container', async () => {
    const sessions = new Set<unknown>();
    await using at = await serving(
      http2((stream) => {
        sessions.add(stream.session);
        stream.respond({ ':status': 200 });
        stream.end('fine');
      }),
      { spec: { h2c: true } },
    );

    const answers = await Promise.all(Array.from({ length: 50 }, async () => (await fetch(at.url)).text()));

    expect([new Set(answers), sessions.size]).toEqual([new Set(['fine']), 1]);
  });

  test('a revision without a share is answered 404', async () => {
    await using at = await serving(http1((_request, response) => response.end()));
    await at.plane.setRoutes('projects/p/locations/us-central1/services/web', { targets: [], tags: [] });

    const { fields } = await asked(at.url, { ':path': '/' });

    expect(fields[':status']).toBe(404);
  });
});

describe('gRPC', () => {
  const bytes = {
    requestSerialize: (value: string) => Buffer.from(value),
    requestDeserialize: (value: Buffer) => value.toString(),
    responseSerialize: (value: string) => Buffer.from(value),
    responseDeserialize: (value: Buffer) => value.toString(),
  };
  const definition = {
    greet: { path: '/test.Greeter/Greet', requestStream: false, responseStream: false, ...bytes },
    count: { path: '/test.Greeter/Count', requestStream: false, responseStream: true, ...bytes },
  } satisfies ServiceDefinition;

  const greeter: Program = async (port) => {
    const server = new GrpcServer();
    server.addService(definition, {
      greet: (call: ServerUnaryCall<string, string>, answer: sendUnaryData<string>) => {
        const trailers = new Metadata();
        trailers.set('x-trailer', 'kept');
        if (call.request === 'nobody') answer({ code: status.INVALID_ARGUMENT, details: 'whom?' });
        else answer(null, `hello ${call.request}`, trailers);
      },
      count: (call: ServerWritableStream<string, string>) => {
        call.write('one');
        call.write('two');
        call.end();
      },
    });
    const bound = await new Promise<number>((resolve, reject) => {
      server.bindAsync(`127.0.0.1:${port}`, ServerCredentials.createInsecure(), (error, at) => {
        if (error === null) resolve(at);
        else reject(error);
      });
    });
    expect(bound).toBe(port);
    return {
      server: createServer(),
      cut: () => {
        server.forceShutdown();
      },
    };
  };

  interface Greeter {
    readonly greet: (
      name: string,
      done: (error: unknown, said?: string) => void,
    ) => { readonly on: (event: 'status', tell: (status: { readonly metadata: Metadata }) => void) => void };
    readonly count: (name: string) => ClientReadableStream<string>;
    readonly close: () => void;
  }

  function client(url: string): Greeter & Disposable {
    const Client = makeGenericClientConstructor(definition, 'Greeter');
    const made = new Client(new URL(url).host, credentials.createInsecure()) as unknown as Greeter;
    return Object.assign(made, {
      [Symbol.dispose]: () => {
        made.close();
      },
    });
  }

  test('calls are answered, with their trailers', async () => {
    await using at = await serving(greeter, { spec: { h2c: true } });
    using calling = client(at.url);

    const answered = await new Promise((resolve) => {
      const call = calling.greet('you', (error, said) => {
        call.on('status', ({ metadata }) => {
          resolve({ error, said, trailer: metadata.get('x-trailer') });
        });
      });
    });

    expect(answered).toEqual({ error: null, said: 'hello you', trailer: ['kept'] });
  });

  test('a refusal keeps its code and its words', async () => {
    await using at = await serving(greeter, { spec: { h2c: true } });
    using calling = client(at.url);

    const error = await new Promise((resolve) => {
      calling.greet('nobody', resolve);
    });

    expect(error).toMatchObject({ code: status.INVALID_ARGUMENT, details: 'whom?' });
  });

  test('a stream from the server arrives message by message', async () => {
    await using at = await serving(greeter, { spec: { h2c: true } });
    using calling = client(at.url);

    const said: unknown[] = [];
    for await (const message of calling.count('all')) said.push(message);

    expect(said).toEqual(['one', 'two']);
  });
});
