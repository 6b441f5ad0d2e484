import { parseArgs } from 'node:util';

import { messageOf } from '@fairlead/action-kit';

import type { Containers } from './create-data-plane.ts';
import { engineAnswers } from './data/index.ts';
import { type LocalCloud, startLocalCloud } from './local-cloud.ts';
import { servicePortsOf } from './service-ports.ts';

const USAGE =
  'usage: npm run cloud -- [--port N] [--grpc-port N] [--registry-port N] [--containers=docker|process|none] [--folder DIR] [--state FILE] [--region REGION] [--service-port NAME=PORT]...; docker is the default where an engine answers, process where none does';
const CHOICES: readonly Containers[] = ['docker', 'process', 'none'];

/** Starts a local cloud as the arguments say, which runs until a signal ends it. Arguments that are wrong and what cannot be started make the exit code 2. */
export async function runCloud(args: readonly string[]): Promise<void> {
  try {
    stopOnSignal(await start(await readArguments(args)));
  } catch (thrown) {
    console.error(`cloud: ${messageOf(thrown)}\n${USAGE}`);
    process.exitCode = 2;
  }
}

interface Arguments {
  readonly port: number;
  readonly grpcPort: number;
  readonly registryPort: number;
  readonly containers: Containers;
  readonly folder?: string;
  readonly state?: string;
  readonly region?: string;
  readonly ports: Readonly<Record<string, number>>;
}

async function start(asked: Arguments): Promise<LocalCloud> {
  const cloud = await startLocalCloud({ ...asked, log: (line) => console.error(line) });
  if (asked.containers === 'process')
    console.error('Containers run as processes of this user: nothing isolates them from this machine.');
  const { url, grpc, registry, containers } = cloud;
  console.log(JSON.stringify({ ready: true, url, grpc, registry, containers }));
  return cloud;
}

function stopOnSignal(cloud: LocalCloud): void {
  let closing: Promise<void> | undefined;
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.on(signal, () => {
      closing ??= cloud.close();
    });
  }
}

async function readArguments(args: readonly string[]): Promise<Arguments> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      port: { type: 'string', default: '0' },
      'grpc-port': { type: 'string', default: '0' },
      'registry-port': { type: 'string', default: '0' },
      containers: { type: 'string' },
      folder: { type: 'string' },
      state: { type: 'string' },
      region: { type: 'string' },
      'service-port': { type: 'string', multiple: true, default: [] },
    },
  });
  const { folder, state, region } = values;
  return {
    port: portOf('port', values.port),
    grpcPort: portOf('grpc-port', values['grpc-port']),
    registryPort: portOf('registry-port', values['registry-port']),
    ports: servicePortsOf(values['service-port']),
    containers: await containersOf(values.containers),
    ...(folder === undefined ? {} : { folder }),
    ...(state === undefined ? {} : { state }),
    ...(region === undefined ? {} : { region }),
  };
}

async function containersOf(text: string | undefined): Promise<Containers> {
  if (text === undefined) return (await engineAnswers()) ? 'docker' : 'process';
  const containers = CHOICES.find((choice) => choice === text);
  if (containers !== undefined) return containers;
  throw new Error(`--containers must be one of ${CHOICES.join(', ')}, got "${text}"`);
}

function portOf(option: string, text: string): number {
  const port = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  if (port <= 65_535) return port;
  throw new Error(`--${option} must be a whole number from 0 to 65535, got "${text}"`);
}
