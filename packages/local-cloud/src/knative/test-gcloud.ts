import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { type TestCloud, testCloud } from '../test-client.ts';

/** For tests: what a command printed, and its exit code. */
export interface Ran {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** For tests: the real gcloud, with settings of its own, and a local cloud that it talks to. */
export interface TestGcloud extends TestCloud {
  /** The arguments after `gcloud run`, divided at spaces. */
  readonly run: (args: string) => Promise<Ran>;
  /** What a command answers with `--format=json`. */
  readonly json: (args: string) => Promise<unknown>;
  /** A shell with gcloud on its path and no settings but a home. */
  readonly shell: (script: string) => Promise<Ran>;
  /** A new file with this text; its path. */
  readonly file: (name: string, text: string) => string;
}

/** gcloud waits for ever for an operation that is not there. */
const HUNG_AFTER_MS = 60_000;

export async function testGcloud(): Promise<TestGcloud> {
  const t = await testCloud();
  const folder = mkdtempSync(join(tmpdir(), 'gcloud-test-'));
  const file = (name: string, text: string) => {
    writeFileSync(join(folder, name), text);
    return join(folder, name);
  };
  const home = { PATH: process.env['PATH'] ?? '', HOME: folder };
  const settings = { ...home, ...settingsFor(t.cloud.url, folder, file('token', 'local')) };
  const run = (args: string) => ran('gcloud', ['run', ...args.split(' ')], settings);
  return {
    ...t,
    run,
    json: async (args) => JSON.parse((await run(`${args} --format=json`)).stdout) as unknown,
    shell: (script) => ran('bash', ['-euc', script], home),
    file,
    [Symbol.asyncDispose]: async () => {
      await t.cloud.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function settingsFor(url: string, folder: string, token: string): Readonly<Record<string, string>> {
  const apis = ['run', 'serviceusage', 'cloudresourcemanager', 'artifactregistry', 'logging'];
  return {
    CLOUDSDK_CONFIG: folder,
    CLOUDSDK_AUTH_ACCESS_TOKEN_FILE: token,
    CLOUDSDK_PROXY_TYPE: 'http',
    CLOUDSDK_PROXY_ADDRESS: '127.0.0.1',
    CLOUDSDK_PROXY_PORT: new URL(url).port,
    CLOUDSDK_CORE_PROJECT: 'p',
    CLOUDSDK_RUN_REGION: 'r',
    CLOUDSDK_CORE_DISABLE_PROMPTS: '1',
    CLOUDSDK_CORE_DISABLE_USAGE_REPORTING: 'true',
    CLOUDSDK_COMPONENT_MANAGER_DISABLE_UPDATE_CHECK: '1',
    CLOUDSDK_CORE_CHECK_GCE_METADATA: 'false',
    ...Object.fromEntries(
      apis.map((api) => [
        `CLOUDSDK_API_ENDPOINT_OVERRIDES_${api.toUpperCase()}`,
        `http://${api}.googleapis.com/`,
      ]),
    ),
  };
}

function ran(command: string, args: readonly string[], env: Readonly<Record<string, string>>): Promise<Ran> {
  return new Promise((resolve) => {
    execFile(
      command,
      [...args],
      { env, timeout: HUNG_AFTER_MS, maxBuffer: 64 * 1024 * 1024 },
      (error, stdout, stderr) => {
        resolve({ exitCode: exitCodeOf(error), stdout, stderr });
      },
    );
  });
}

/** What a process that did not end with 0 left as its code; 1 for one that was killed. */
function exitCodeOf(error: unknown): number {
  if (typeof error !== 'object' || error === null) return 0;
  return 'code' in error && typeof error.code === 'number' ? error.code : 1;
}
