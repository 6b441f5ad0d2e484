import { request } from 'node:http';
import { connect } from 'node:net';

import type { Clock } from '@fairlead/action-kit';

import type { ProbeSpec } from '../data-plane.ts';

export type ProbeVerdict =
  | { readonly kind: 'passed' }
  | { readonly kind: 'failed'; readonly because: string; readonly afterMs: number };

/**
 * Asks until the probe passes or its window is over: the initial delay, then the period times the threshold; 240 s for the default TCP probe.
 * Inside the window it asks more often than the period, so that a container that is ready is noticed at once.
 */
export async function awaitStartup(
  probe: ProbeSpec | undefined,
  containerPort: number,
  options: { readonly clock: Clock; readonly signal: AbortSignal },
): Promise<ProbeVerdict> {
  const { clock, signal } = options;
  const plan = planOf(probe, containerPort);
  const startedMs = clock.now();
  await clock.sleep(plan.initialDelayMs, signal);
  const deadlineMs = clock.now() + plan.windowMs;
  for (;;) {
    const failure = await plan.ask();
    if (failure === undefined) return { kind: 'passed' };
    const now = clock.now();
    if (now + plan.pauseMs > deadlineMs)
      return { kind: 'failed', because: failure, afterMs: now - startedMs };
    await clock.sleep(plan.pauseMs, signal);
  }
}

interface ProbePlan {
  readonly initialDelayMs: number;
  readonly windowMs: number;
  readonly pauseMs: number;
  /** Why it does not pass, or undefined when it does. */
  readonly ask: () => Promise<string | undefined>;
}

const longestPauseMs = 100;

function planOf(probe: ProbeSpec | undefined, containerPort: number): ProbePlan {
  if (probe === undefined) {
    return { initialDelayMs: 0, windowMs: 240_000, pauseMs: 25, ask: () => askTcp(containerPort, 1_000) };
  }
  const port = probe.port ?? containerPort;
  const periodMs = (probe.periodSeconds ?? 10) * 1_000;
  const timeoutMs = Math.min((probe.timeoutSeconds ?? 1) * 1_000, periodMs);
  return {
    initialDelayMs: (probe.initialDelaySeconds ?? 0) * 1_000,
    windowMs: periodMs * (probe.failureThreshold ?? 3),
    pauseMs: Math.min(periodMs, longestPauseMs),
    ask: probe.kind === 'tcp' ? () => askTcp(port, timeoutMs) : () => askHttp(probe, port, timeoutMs),
  };
}

function askTcp(port: number, timeoutMs: number): Promise<string | undefined> {
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

function askHttp(probe: ProbeSpec, port: number, timeoutMs: number): Promise<string | undefined> {
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
