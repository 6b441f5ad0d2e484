import { cp, mkdir, rm, writeFile } from 'node:fs/promises';
import { existsSync, realpathSync } from 'node:fs';
import { join } from 'node:path';

import { NoEngine } from './engine.ts';
import { type Ended, runProgram } from './run-program.ts';

/** The base images that the example's Dockerfiles are built on. */
export interface BaseImages {
  readonly node: string;
  readonly python: string;
  /** What was done to have them, for the person who watches. */
  readonly how: string;
}

const PUBLIC = { node: 'node:24-slim', python: 'python:3.12-slim' } as const;
const OWN = 'fairlead-demo-base:1';

interface Setting {
  readonly env: NodeJS.ProcessEnv;
  /** Where a base of our own is put together. */
  readonly folder: string;
  readonly say: (doing: string) => void;
  /** Ends what is under way; nothing stays mounted. */
  readonly signal: AbortSignal;
}

/**
 * The public bases where they are here or can be pulled. On a machine that reaches Debian's mirror alone, one base of our own
 * stands in for both: Debian with Python and this Node; it trusts the certificate authorities that this machine trusts.
 */
export async function baseImages(setting: Setting): Promise<BaseImages> {
  if (await have(PUBLIC.node, setting)) {
    if (await have(PUBLIC.python, setting)) return { ...PUBLIC, how: 'public base images' };
  }
  if (await isHere(OWN, setting))
    return { node: OWN, python: OWN, how: 'a base of our own, kept from before' };
  await makeOwn(setting);
  return { node: OWN, python: OWN, how: 'a base of our own, as no public one can be pulled here' };
}

async function have(image: string, setting: Setting): Promise<boolean> {
  if (await isHere(image, setting)) return true;
  setting.say(`pulling ${image}`);
  return (await docker(['pull', '--quiet', image], setting)).code === 0;
}

async function isHere(image: string, setting: Setting): Promise<boolean> {
  return (await docker(['image', 'inspect', image], setting)).code === 0;
}

async function makeOwn(setting: Setting): Promise<void> {
  const tree = join(setting.folder, 'base');
  await rm(tree, { recursive: true, force: true });
  await mkdir(setting.folder, { recursive: true });
  setting.say('putting a base image together from Debian packages (about a minute, once)');
  const packages = 'python3,python3-venv,python3-pip,ca-certificates';
  const made = await runProgram(
    'debootstrap',
    ['--variant=minbase', `--include=${packages}`, 'bookworm', tree],
    setting,
  );
  if (made.code !== 0) {
    const why =
      made.code === undefined
        ? 'debootstrap is not installed'
        : `debootstrap failed: ${made.output.trim().split('\n').at(-1) ?? ''}`;
    throw new NoEngine(
      `expected to pull ${PUBLIC.node} and ${PUBLIC.python} or to make a base image, but no pull worked and ${why}; on Debian run as root: apt-get install debootstrap`,
    );
  }
  await furnish(tree);
  const archive = join(setting.folder, 'base.tar');
  must(await runProgram('tar', ['-C', tree, '-cf', archive, '.'], setting));
  const settings = [
    'ENV NODE_EXTRA_CA_CERTS=/etc/ssl/certs/ca-certificates.crt',
    'ENV PIP_CERT=/etc/ssl/certs/ca-certificates.crt',
    'ENV PIP_BREAK_SYSTEM_PACKAGES=1',
  ];
  must(
    await docker(['import', ...settings.flatMap((change) => ['--change', change]), archive, OWN], setting),
  );
  await Promise.all([tree, archive].map((path) => rm(path, { recursive: true, force: true })));
}

// Node as it runs this demo, npm beside it, Debian's Python under the name that images of Python use.
async function furnish(tree: string): Promise<void> {
  await cp(realpathSync(process.execPath), join(tree, 'usr/local/bin/node'));
  const npm = npmFolder();
  await cp(npm, join(tree, 'usr/local/lib/node_modules/npm'), { recursive: true });
  await writeFile(
    join(tree, 'usr/local/bin/npm'),
    '#!/bin/sh\nexec node /usr/local/lib/node_modules/npm/bin/npm-cli.js "$@"\n',
    { mode: 0o755 },
  );
  await writeFile(join(tree, 'usr/local/bin/python'), '#!/bin/sh\nexec python3 "$@"\n', { mode: 0o755 });
  const authorities = process.env['NODE_EXTRA_CA_CERTS'] ?? '/etc/ssl/certs/ca-certificates.crt';
  if (existsSync(authorities))
    await cp(authorities, join(tree, 'etc/ssl/certs/ca-certificates.crt'), { dereference: true });
}

function npmFolder(): string {
  const candidates = (process.env['PATH'] ?? '')
    .split(':')
    .map((folder) => join(folder, 'npm'))
    .filter(existsSync)
    .map((file) => join(realpathSync(file), '../..'));
  const found = candidates.find((folder) => existsSync(join(folder, 'bin/npm-cli.js')));
  if (found === undefined) throw new Error('expected npm on the path, found none');
  return found;
}

function must({ code, output }: Ended): void {
  if (code !== 0)
    throw new Error(`making the base image failed: ${output.trim().split('\n').slice(-3).join('; ')}`);
}

function docker(args: readonly string[], setting: Setting): Promise<Ended> {
  return runProgram('docker', args, setting);
}
