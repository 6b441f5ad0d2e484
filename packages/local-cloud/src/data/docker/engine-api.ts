import { existsSync } from 'node:fs';
import { type IncomingMessage, request, type RequestOptions } from 'node:http';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { json } from 'node:stream/consumers';

import { DataPlaneError } from '../../data-plane.ts';

/**
 * The Docker engine's HTTP API, spoken to directly: it needs no `docker` program on the PATH, answers in statuses and JSON instead of text to be read, follows
 * logs and ends without a process each, and is the same for Docker and Podman.
 */
export interface EngineApi {
  /** What `DOCKER_HOST` would say. */
  readonly address: string;
  /** Sends the call and reads the JSON answer; undefined when there is none. Throws {@link DataPlaneError} when nobody answers at the address. */
  readonly call: (call: EngineCall) => Promise<EngineAnswer>;
  /** The same, with the answer's body left to be read as it comes. */
  readonly open: (call: EngineCall) => Promise<IncomingMessage>;
}

interface EngineCall {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE' | 'HEAD';
  /** Path and query, without the API's version: the engine's own is used. */
  readonly path: string;
  readonly body?: unknown;
  readonly tar?: Buffer;
  readonly timeoutMs?: number;
}

export interface EngineAnswer {
  readonly status: number;
  readonly body: unknown;
}

/** `dockerHost` is `unix:///path` or `tcp://host:port`; without it the usual sockets are tried. */
export function engineApi(dockerHost: string | undefined): EngineApi {
  const address = dockerHost === undefined || dockerHost === '' ? usualAddress() : dockerHost;
  const place = placeOf(address);
  const open = (call: EngineCall) => send(place, call, address);
  return {
    address,
    open,
    call: async (call) => {
      const response = await open(call);
      const isJson = response.headers['content-type']?.startsWith('application/json') === true;
      const body: unknown = isJson ? await json(response) : undefined;
      response.resume();
      return { status: response.statusCode ?? 0, body };
    },
  };
}

function usualAddress(): string {
  const sockets = ['/var/run/docker.sock', join(homedir(), '.docker/run/docker.sock')];
  return `unix://${sockets.find((path) => existsSync(path)) ?? '/var/run/docker.sock'}`;
}

function placeOf(address: string): RequestOptions {
  if (address.startsWith('unix://')) return { socketPath: address.slice('unix://'.length) };
  const url = /^(tcp|http):\/\//.test(address) ? new URL(address.replace(/^tcp:/, 'http:')) : undefined;
  if (url !== undefined) return { host: url.hostname, port: url.port === '' ? 2375 : url.port };
  throw new DataPlaneError(
    'engine-unreachable',
    `DOCKER_HOST must be unix:///path or tcp://host:port, got "${address}"; engines over ssh or TLS are not spoken to`,
  );
}

function send(place: RequestOptions, call: EngineCall, address: string): Promise<IncomingMessage> {
  const body = call.tar ?? (call.body === undefined ? undefined : JSON.stringify(call.body));
  const type = call.tar === undefined ? 'application/json' : 'application/x-tar';
  const headers = {
    Host: 'docker',
    ...(body === undefined
      ? { 'Content-Length': 0 }
      : { 'Content-Type': type, 'Content-Length': Buffer.byteLength(body) }),
  };
  return new Promise((resolve, reject) => {
    const sent = request({ ...place, method: call.method, path: call.path, headers, agent: false }, resolve);
    if (call.timeoutMs !== undefined) {
      sent.setTimeout(call.timeoutMs, () => sent.destroy(new Error(`no answer within ${call.timeoutMs} ms`)));
    }
    sent.once('error', (cause) => {
      const message = `no Docker engine answers at ${address}: ${cause.message}; start one or set DOCKER_HOST`;
      reject(new DataPlaneError('engine-unreachable', message, { cause }));
    });
    sent.end(body);
  });
}

/** The engine's own words for a failure. */
export function messageIn({ status, body }: EngineAnswer): string {
  const said = (body as { readonly message?: unknown } | undefined)?.message;
  return typeof said === 'string' ? said : `the engine answered ${status}`;
}
