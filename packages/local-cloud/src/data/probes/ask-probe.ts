import { request } from 'node:http';
import { connect } from 'node:net';

import { Client, credentials } from '@grpc/grpc-js';

import type { ProbeSpec } from '../../data-plane.ts';

/** Asks once, at `port` unless the probe names another; why the probe does not pass, or undefined when it does. */
export function askProbe(probe: ProbeSpec, port: number): Promise<string | undefined> {
  const timeoutMs = Math.min(probe.timeoutSeconds ?? 1, probe.periodSeconds ?? 10) * 1_000;
  const target: Target = { port: probe.port ?? port, timeoutMs };
  switch (probe.kind) {
    case 'tcp':
      return askTcp(target);
    case 'http':
      return askHttp(probe, target);
    case 'grpc':
      return askGrpc(probe, target);
  }
}

interface Target {
  readonly port: number;
  readonly timeoutMs: number;
}

export function askTcp({ port, timeoutMs }: Target): Promise<string | undefined> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: '127.0.0.1', timeout: timeoutMs });
    const answer = (failure?: string) => {
      socket.destroy();
      resolve(failure);
    };
    socket.once('connect', () => {
      answer();
    });
    socket.once('timeout', () => {
      answer(`no connection to port ${port} within ${timeoutMs} ms`);
    });
    socket.once('error', () => {
      answer(`nothing listens on port ${port}`);
    });
  });
}

function askHttp(probe: ProbeSpec, { port, timeoutMs }: Target): Promise<string | undefined> {
  const path = probe.path ?? '/';
  return new Promise((resolve) => {
    const asked = request(
      { host: '127.0.0.1', port, path, headers: { ...probe.headers }, agent: false, timeout: timeoutMs },
      (response) => {
        response.resume();
        const status = response.statusCode ?? 0;
        resolve(status >= 200 && status < 400 ? undefined : `GET ${path} answered ${status}`);
        asked.destroy();
      },
    );
    asked.once('timeout', () => {
      asked.destroy(new Error(`no answer within ${timeoutMs} ms`));
    });
    asked.once('error', (thrown) => {
      resolve(`GET ${path} on port ${port}: ${thrown.message}`);
    });
    asked.end();
  });
}

/** `grpc.health.v1.Health/Check`: both of its messages have a single field, so that they are written and read by hand. */
function askGrpc({ service = '' }: ProbeSpec, { port, timeoutMs }: Target): Promise<string | undefined> {
  const client = new Client(`127.0.0.1:${port}`, credentials.createInsecure());
  const deadline = Date.now() + timeoutMs;
  return new Promise((resolve) => {
    client.makeUnaryRequest(
      '/grpc.health.v1.Health/Check',
      checkRequest,
      servingStatus,
      service,
      { deadline },
      (error, status) => {
        client.close();
        if (error !== null) resolve(`the health check on port ${port}: ${error.message}`);
        else resolve(status === SERVING ? undefined : `the health check answered status ${status ?? 0}`);
      },
    );
  });
}

const SERVING = 1;

/** Field 1, a string of at most 127 bytes. */
function checkRequest(service: string): Buffer {
  const name = Buffer.from(service).subarray(0, 127);
  return name.length === 0 ? name : Buffer.concat([Buffer.from([0x0a, name.length]), name]);
}

/** Field 1, an enum; 0 when it is left out. */
function servingStatus(message: Buffer): number {
  return message[0] === 0x08 ? (message[1] ?? 0) : 0;
}
