import { execFile } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';

import { type TestCloud, testCloud } from '../test-client.ts';

/** For tests: what a command printed, and its exit code. */
export interface Ran {
  readonly exitCode: number;
  readonly stdout: string;
  /** Where errors are told, in lines as long as they come. */
  readonly stderr: string;
}

/** For tests: the real Terraform with the real provider, in a folder of its own, and a local cloud that it talks to. */
export interface TestTerraform extends TestCloud {
  /** A command and its arguments, divided at spaces; `stage` is the variable of that name. */
  readonly run: (args: string, stage?: number) => Promise<Ran>;
  /** What a command prints as JSON. */
  readonly json: (args: string) => Promise<unknown>;
  /** Puts the files of a folder of testdata/terraform beside those that are there. */
  readonly add: (folder: string) => void;
  /** Takes a file away. */
  readonly remove: (file: string) => void;
}

const COMMAND = 'terraform';

/** The environment variable with the path of the provider's binary. */
export const PROVIDER = 'FAIRLEAD_TERRAFORM_PROVIDER';

export const TESTDATA = new URL('../../testdata/terraform/', import.meta.url);

/** An interrupted Terraform waits for its provider, which waits for the cloud. */
const HUNG_AFTER_MS = 120_000;

/** Whether there is both a Terraform and a provider on this machine. */
export function hasTerraform(): boolean {
  const folders = (process.env['PATH'] ?? '').split(delimiter);
  return folders.some((folder) => existsSync(join(folder, COMMAND))) && existsSync(providerPath());
}

/** `folders` are those of testdata/terraform that Terraform reads. */
export async function testTerraform(...folders: readonly string[]): Promise<TestTerraform> {
  const t = await testCloud();
  const folder = mkdtempSync(join(tmpdir(), 'terraform-test-'));
  const add = (name: string) => {
    cpSync(new URL(name, TESTDATA), folder, { recursive: true });
  };
  cpSync(new URL('provider.tf', TESTDATA), join(folder, 'provider.tf'));
  folders.forEach(add);
  const env = { ...settingsIn(folder), TF_VAR_origin: t.cloud.url };
  const run = (args: string, stage = 1) =>
    ran(args.split(' '), folder, { ...env, TF_VAR_stage: String(stage) });
  return {
    ...t,
    run,
    add,
    remove: (file) => {
      rmSync(join(folder, file));
    },
    json: async (args) => JSON.parse((await run(args)).stdout) as unknown,
    [Symbol.asyncDispose]: async () => {
      await t.cloud.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function providerPath(): string {
  return process.env[PROVIDER] ?? '';
}

/** Terraform takes the provider from where it is, and asks nobody else for anything. */
function settingsIn(folder: string): Readonly<Record<string, string>> {
  const file = join(folder, 'terraform.rc');
  const overrides = `"hashicorp/google" = ${JSON.stringify(dirname(providerPath()))}`;
  writeFileSync(file, `provider_installation {\n  dev_overrides { ${overrides} }\n}\n`);
  return {
    PATH: process.env['PATH'] ?? '',
    HOME: folder,
    TF_CLI_CONFIG_FILE: file,
    TF_IN_AUTOMATION: '1',
    CHECKPOINT_DISABLE: '1',
  };
}

function ran(args: readonly string[], cwd: string, env: Readonly<Record<string, string>>): Promise<Ran> {
  return new Promise((resolve) => {
    execFile(
      COMMAND,
      [...args],
      { cwd, env, timeout: HUNG_AFTER_MS, killSignal: 'SIGKILL', maxBuffer: 64 * 1024 * 1024 },
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
