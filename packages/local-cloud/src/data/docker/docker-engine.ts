import { messageOf } from '@fairlead/action-kit';
import { pack } from 'tar-stream';

import type { ContainerSpec } from '../../data-plane.ts';
import { DataPlaneError } from '../../data-plane.ts';
import { memoryBytes } from '../containers/memory.ts';
import {
  type Engine,
  type Exit,
  type Instance,
  type Launch,
  StartFailure,
  stopGraceMs,
} from '../containers/engine.ts';
import { cloudLabel } from './cloud-label.ts';
import { type EngineApi, engineApi, messageIn } from './engine-api.ts';
import { pull } from './pull.ts';
import { readFrames } from './read-frames.ts';
import { openVolumes, removeVolumes } from './volumes.ts';

export interface DockerEngineOptions {
  /** Also the value of the label by which everything that was started is found again. */
  readonly id: string;
  /** `DOCKER_HOST` unless told, otherwise the usual socket. */
  readonly dockerHost?: string;
  /** Time between SIGTERM and SIGKILL; 10 s unless told. */
  readonly graceMs?: number;
}

/**
 * Runs images as containers of a Docker engine, on the host's network: each instance listens on a free port of its own, and reaches the local cloud, its registry,
 * databases and other instances at 127.0.0.1 as every process of this machine does. Engines inside a virtual machine (Docker Desktop) need host networking to be
 * switched on for that. Throws {@link DataPlaneError} when no engine answers; removes what a killed run of the same id left.
 */
export async function dockerEngine(options: DockerEngineOptions): Promise<Engine> {
  const api = engineApi(options.dockerHost ?? process.env['DOCKER_HOST']);
  const graceMs = options.graceMs ?? stopGraceMs;
  await removeAll(api, options.id);
  return {
    start: async (launch) => {
      await pull(api, launch.container.image);
      const container: Container = { api, id: await create(api, launch, options.id), launch, graceMs };
      try {
        await putFiles(container);
        await startContainer(container);
      } catch (thrown) {
        await remove(container);
        throw thrown;
      }
      return instanceOf(container);
    },
    openFolders: (instance, names) => openVolumes(api, { cloudId: options.id, instance }, names),
    close: () => removeAll(api, options.id),
  };
}

interface Container {
  readonly api: EngineApi;
  readonly id: string;
  readonly launch: Launch;
  readonly graceMs: number;
}

async function removeAll(api: EngineApi, cloudId: string): Promise<void> {
  const filters = encodeURIComponent(JSON.stringify({ label: [`${cloudLabel}=${cloudId}`] }));
  const listed = await api.call({ method: 'GET', path: `/containers/json?all=true&filters=${filters}` });
  if (listed.status !== 200) {
    throw new DataPlaneError(
      'engine-unreachable',
      `${api.address}: listing containers: ${messageIn(listed)}`,
    );
  }
  const containers = listed.body as readonly { readonly Id: string }[];
  await Promise.all(containers.map(({ Id }) => removeById(api, Id)));
  await removeVolumes(api, cloudId);
}

async function removeById(api: EngineApi, id: string): Promise<void> {
  await api.call({ method: 'DELETE', path: `/containers/${id}?force=true&v=true` });
}

function remove({ api, id }: Container): Promise<void> {
  return removeById(api, id);
}

async function create(api: EngineApi, launch: Launch, cloudId: string): Promise<string> {
  const { container } = launch;
  const answer = await api.call({
    method: 'POST',
    path: `/containers/create?name=${encodeURIComponent(`fairlead-${cloudId}-${launch.id}`)}`,
    body: {
      Image: container.image,
      ...commandOf(container),
      ...(container.workingDir === undefined ? {} : { WorkingDir: container.workingDir }),
      Env: Object.entries(container.env).map(([name, value]) => `${name}=${value}`),
      Labels: { [cloudLabel]: cloudId },
      HostConfig: { NetworkMode: 'host', ...limitsOf(container), Mounts: mountsOf(launch) },
    },
  });
  if (answer.status !== 201) throw notStarted(messageIn(answer));
  const { Id: id, Warnings: warnings } = answer.body as {
    readonly Id: string;
    readonly Warnings?: readonly string[];
  };
  warnings?.forEach((warning) => {
    launch.onLine('system', warning);
  });
  return id;
}

function commandOf({ command, args }: ContainerSpec): Record<string, readonly string[]> {
  if (command.length > 0) return { Entrypoint: command, Cmd: args };
  return args.length > 0 ? { Cmd: args } : {};
}

function limitsOf({ memory = '' }: ContainerSpec): Record<string, number> {
  const bytes = memoryBytes(memory);
  return bytes === undefined ? {} : { Memory: bytes, MemorySwap: bytes };
}

function mountsOf({ mounts }: Launch): readonly object[] {
  return Object.entries(mounts).map(([path, volume]) => ({ Type: 'volume', Source: volume, Target: path }));
}

function notStarted(said: string): StartFailure {
  return new StartFailure('HEALTH_CHECK_CONTAINER_ERROR', `Application failed to start: ${said}`);
}

async function putFiles({ api, id, launch }: Container): Promise<void> {
  const files = Object.entries(launch.container.files);
  if (files.length === 0) return;
  const tar = pack();
  files.forEach(([path, content]) => {
    tar.entry({ name: path.replace(/^\/+/, ''), mode: 0o444 }, content);
  });
  tar.finalize();
  const chunks: Buffer[] = [];
  for await (const chunk of tar) chunks.push(chunk as Buffer);
  const answer = await api.call({
    method: 'PUT',
    path: `/containers/${id}/archive?path=/`,
    tar: Buffer.concat(chunks),
  });
  if (answer.status !== 200) throw notStarted(`files cannot be put in place: ${messageIn(answer)}`);
}

async function startContainer({ api, id }: Container): Promise<void> {
  const answer = await api.call({ method: 'POST', path: `/containers/${id}/start` });
  if (answer.status !== 204) throw notStarted(messageIn(answer));
}

function instanceOf(container: Container): Instance {
  const lines = followLines(container);
  const exited = ended(container, lines);
  return {
    exited,
    stop: async () => {
      const seconds = Math.ceil(container.graceMs / 1_000);
      await container.api.call({ method: 'POST', path: `/containers/${container.id}/stop?t=${seconds}` });
      await exited;
    },
  };
}

async function followLines({ api, id, launch }: Container): Promise<void> {
  try {
    const path = `/containers/${id}/logs?follow=true&stdout=true&stderr=true`;
    await readFrames(await api.open({ method: 'GET', path }), launch.onLine);
  } catch (thrown) {
    launch.onLine('system', `the engine stopped telling what the container writes: ${messageOf(thrown)}`);
  }
}

async function ended(container: Container, lines: Promise<void>): Promise<Exit> {
  try {
    const exit = await waitFor(container);
    await lines;
    await remove(container);
    return exit;
  } catch (thrown) {
    container.launch.onLine('system', `the engine is lost, and the container with it: ${messageOf(thrown)}`);
    return { kind: 'signalled', signal: 'SIGKILL' };
  }
}

async function waitFor({ api, id, launch }: Container): Promise<Exit> {
  const waited = await api.call({ method: 'POST', path: `/containers/${id}/wait` });
  const { StatusCode: exitCode } = waited.body as { readonly StatusCode: number };
  const inspected = await api.call({ method: 'GET', path: `/containers/${id}/json` });
  const { State: state } = inspected.body as { readonly State?: { readonly OOMKilled?: boolean } };
  if (state?.OOMKilled !== true) return { kind: 'exited', exitCode };
  const limitBytes = memoryBytes(launch.container.memory ?? '') ?? 0;
  // The engine does not tell how much it was: the kernel stops a container when it asks for more than all of it.
  return { kind: 'out-of-memory', limitBytes, usedBytes: limitBytes };
}
