import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { LocalCloud } from './local-cloud.ts';
import { isOnPath } from './test-programs.ts';

/** For tests: the real gcloud against a local cloud's neighbours, in a folder of its own. */
export interface Cli extends AsyncDisposable {
  readonly folder: string;
  /** What a command prints, on both streams; rejects with it when the command fails. */
  readonly run: (...args: readonly string[]) => Promise<string>;
  /** A file in the folder; its path. */
  readonly file: (name: string, content: string | Buffer) => Promise<string>;
}

const COMMAND = 'gcloud';

/** Whether there is a gcloud on this machine. */
export function hasGcloud(): boolean {
  return isOnPath(COMMAND);
}

const APIS = ['SECRETMANAGER', 'LOGGING', 'ARTIFACTREGISTRY', 'CONTAINERANALYSIS', 'MONITORING'];

/** `more` are further variables of gcloud's environment. */
export async function gcloudOf(
  { url }: LocalCloud,
  more: Readonly<Record<string, string>> = {},
): Promise<Cli> {
  const folder = await mkdtemp(join(tmpdir(), 'fairlead-gcloud-'));
  const token = join(folder, 'token');
  await writeFile(token, 'a-token');
  const env = {
    PATH: process.env['PATH'] ?? '',
    HOME: folder,
    CLOUDSDK_CONFIG: join(folder, 'config'),
    CLOUDSDK_CORE_PROJECT: 'p',
    CLOUDSDK_CORE_DISABLE_PROMPTS: '1',
    CLOUDSDK_CORE_SHOULD_PROMPT_TO_ENABLE_API: 'false',
    CLOUDSDK_CORE_DISABLE_USAGE_REPORTING: '1',
    CLOUDSDK_COMPONENT_MANAGER_DISABLE_UPDATE_CHECK: '1',
    CLOUDSDK_API_ENDPOINT_OVERRIDES_STORAGE: `${url}/storage/v1/`,
    ...Object.fromEntries(APIS.map((api) => [`CLOUDSDK_API_ENDPOINT_OVERRIDES_${api}`, `${url}/`])),
    ...('CLOUDSDK_AUTH_CREDENTIAL_FILE_OVERRIDE' in more ? {} : { CLOUDSDK_AUTH_ACCESS_TOKEN_FILE: token }),
    ...more,
  };
  return {
    folder,
    run: (...args) => run(args, env),
    file: async (name, content) => {
      await writeFile(join(folder, name), content);
      return join(folder, name);
    },
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }),
  };
}

function run(args: readonly string[], env: Readonly<Record<string, string>>): Promise<string> {
  return new Promise((resolve, reject) => {
    execFile(COMMAND, [...args], { env, timeout: 120_000 }, (error, stdout, stderr) => {
      if (error === null) resolve(`${stdout}${stderr}`);
      else reject(new Error(`${stdout}${stderr}`));
    });
  });
}
