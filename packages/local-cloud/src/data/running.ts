import { randomUUID } from 'node:crypto';
import { Agent } from 'node:http';

import type { Clock } from '@fairlead/action-kit';

import type { LogLine, ProbeSpec, RevisionSpec } from '../data-plane.ts';
import { serviceEnv, shortName } from './container-env.ts';
import { describeExit, type Engine, type Exit, type Instance, StartFailure } from './engine.ts';
import type { FreePorts } from './free-port.ts';
import { type Http2Connection, http2Connection } from './http2-connection.ts';
import { keepAsking } from './probes/keep-asking.ts';
import { livenessWords, readinessWords, startupWords } from './probes/probe-words.ts';
import { awaitStartup, type ProbeVerdict } from './probes/startup-probe.ts';

/** One instance that passed its startup probe. */
export interface Running {
  /** Unlike that of any other instance. */
  readonly id: string;
  readonly port: number;
  readonly agent: Agent;
  /** Over HTTP/2, for containers that speak it without TLS. */
  readonly openStream: Http2Connection['openStream'];
  readonly exited: Promise<Exit>;
  readonly stop: () => Promise<void>;
}

export interface Launcher {
  readonly engine: Engine;
  readonly ports: FreePorts;
  readonly clock: Clock;
  /** How long an instance whose health is not asked has to stay up to count as started. */
  readonly settleMs: number;
  readonly say: (stream: LogLine['stream'], text: string) => void;
}

// Node and Python servers close idle connections after 5 s, some after 2 s: ours end first, so that no request meets a closing one.
const idleConnectionMs = 1_000;

/** Starts one instance and waits for its startup probe; throws {@link StartFailure} with nothing left running. */
export async function launch(
  spec: RevisionSpec,
  launcher: Launcher & Pick<Start, 'signal' | 'onReadiness'>,
): Promise<Running> {
  const id = `${shortName(spec.name)}-${randomUUID().slice(0, 8)}`;
  const port = await launcher.ports.take();
  try {
    const instance = await launcher.engine.start({
      id,
      container: { ...spec, env: serviceEnv(spec, port) },
      port,
      onLine: launcher.say,
    });
    return await started(instance, port, { id, spec, ...launcher });
  } catch (thrown) {
    launcher.ports.giveBack(port);
    throw thrown;
  }
}

async function started(instance: Instance, port: number, start: Start): Promise<Running> {
  const agent = new Agent({ keepAlive: true, timeout: idleConnectionMs });
  const http2 = http2Connection(port);
  const exited = instance.exited.then((exit) => {
    start.say('system', describeExit(exit));
    agent.destroy();
    http2.destroy();
    start.ports.giveBack(port);
    return exit;
  });
  const startup = await startupOf(port, exited, start);
  const failure = failureOf(startup, start.spec);
  if (!start.spec.healthCheckDisabled) sayStartup(startup, start);
  if (failure === undefined) {
    watchHealth(instance, port, start);
    return { id: start.id, port, agent, openStream: http2.openStream, exited, stop: instance.stop };
  }
  start.say('system', failure.message);
  await instance.stop();
  throw failure;
}

function sayStartup(startup: Startup, { spec, say }: Start): void {
  if (startup.kind === 'passed') say('system', startupWords(spec, true));
  if (startup.kind === 'failed') say('system', startupWords(spec, false));
}

/** Asks after the instance's health for as long as it runs. */
function watchHealth(instance: Instance, port: number, { spec, clock, say, onReadiness }: Start): void {
  const { livenessProbe, readinessProbe } = spec;
  const over = new AbortController();
  void instance.exited.then(() => {
    over.abort();
  });
  const ask = (probe: ProbeSpec, onChange: (passes: boolean) => void) => {
    const asking = { port, clock, signal: over.signal, onChange };
    // Rejects when the instance has ended, which is how the asking ends.
    keepAsking(probe, asking).catch(() => undefined);
  };
  if (livenessProbe !== undefined)
    ask(livenessProbe, () => {
      over.abort();
      onReadiness(false);
      say('system', livenessWords(spec, livenessProbe));
      void instance.stop();
    });
  if (readinessProbe !== undefined)
    ask(readinessProbe, (passes) => {
      say('system', readinessWords(spec, readinessProbe, passes));
      onReadiness(passes);
    });
}

interface Start extends Launcher {
  readonly id: string;
  readonly spec: RevisionSpec;
  readonly signal: AbortSignal;
  /** Told whenever the readiness probe changes its mind; an instance is ready until it is told otherwise. */
  readonly onReadiness: (isReady: boolean) => void;
}

/** How the start went; an instance that ends, or is not wanted any more, is known at once and not when the probe's time is over. */
async function startupOf(port: number, exited: Promise<Exit>, start: Start): Promise<Startup> {
  const over = new AbortController();
  const signal = AbortSignal.any([over.signal, start.signal]);
  const died = exited.then((exit): Startup => ({ kind: 'died', exit }));
  const first = await Promise.race([died, probed(port, start, signal)]);
  over.abort();
  // A process that answers the probe and ends in the same moment has failed: one more turn lets its end be known.
  return first.kind === 'passed' ? Promise.race([died, afterOneTurn(first)]) : first;
}

async function probed(port: number, start: Start, signal: AbortSignal): Promise<Startup> {
  const { spec, clock, settleMs } = start;
  try {
    if (spec.healthCheckDisabled) {
      await clock.sleep(settleMs, signal);
      return { kind: 'passed' };
    }
    return await awaitStartup(spec.startupProbe, port, { clock, signal });
  } catch (thrown) {
    if (signal.aborted) return { kind: 'unwanted' };
    throw thrown;
  }
}

type Startup = ProbeVerdict | { readonly kind: 'died'; readonly exit: Exit } | { readonly kind: 'unwanted' };

function afterOneTurn(startup: Startup): Promise<Startup> {
  return new Promise((resolve) => {
    setImmediate(resolve, startup);
  });
}

function failureOf(startup: Startup, spec: RevisionSpec): StartFailure | undefined {
  switch (startup.kind) {
    case 'passed':
      return undefined;
    case 'unwanted':
      return new StartFailure('HEALTH_CHECK_CONTAINER_ERROR', 'the instance was stopped before it was ready');
    case 'died':
      return neverListened(spec, describeExit(startup.exit));
    case 'failed':
      return spec.startupProbe !== undefined && spec.startupProbe.kind !== 'tcp'
        ? new StartFailure(
            'HEALTH_CHECK_CONTAINER_ERROR',
            `The user-provided container failed the configured startup probe checks. ${sentence(startup.because)}`,
          )
        : neverListened(spec, sentence(startup.because));
  }
}

/** The port is the one that the service names, as Cloud Run says it; the container has got another one in `PORT` here. */
function neverListened({ port }: RevisionSpec, because: string): StartFailure {
  return new StartFailure(
    'HEALTH_CHECK_CONTAINER_ERROR',
    `The user-provided container failed to start and listen on the port defined provided by the PORT=${port} environment variable within the allocated timeout. ` +
      `This can happen when the container port is misconfigured or if the timeout is too short. The health check timeout can be extended. ${because}`,
  );
}

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}
