// Bundles every action into dist/, or with --check rebuilds into a scratch folder and names what differs.
import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { actionNames, root } from './actions.ts';

const run = promisify(execFile);
const dist = join(root, 'dist');

if (process.argv.includes('--check')) await check();
else await write();

async function write(): Promise<void> {
  await rm(dist, { recursive: true, force: true });
  await bundleAll(dist);
  for (const [file, bytes] of await sizes(dist)) console.log(`${file}  ${bytes} bytes`);
}

async function check(): Promise<void> {
  const scratch = await mkdtemp(join(tmpdir(), 'fairlead-dist-'));
  try {
    await bundleAll(scratch);
    const differing = await differences(scratch);
    if (differing.length === 0) return;
    console.error(differing.map((file) => `dist/${file} is not what the sources build`).join('\n'));
    console.error('run npm run build and commit dist/ alone');
    process.exitCode = 1;
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

async function bundleAll(out: string): Promise<void> {
  const names = await actionNames();
  // Two at a time: a bundle takes one core and the runners have two.
  const halves = [names.filter((_, index) => index % 2 === 0), names.filter((_, index) => index % 2 === 1)];
  await Promise.all(
    halves.map(async (half) => {
      for (const name of half) await bundle(name, out);
    }),
  );
}

async function bundle(name: string, out: string): Promise<void> {
  const entry = join('actions', name, 'src/main.ts');
  const flags = [
    '--minify',
    '--transpile-only',
    '--no-cache',
    '--quiet',
    '--target',
    'es2022',
    '--license',
    'licenses.txt',
  ];
  const ncc = join(root, 'node_modules/@vercel/ncc/dist/ncc/cli.js');
  await run(process.execPath, [ncc, 'build', entry, '--out', join(out, name), ...flags], { cwd: root });
}

async function differences(scratch: string): Promise<readonly string[]> {
  const files = new Set([...(await filesOf(scratch)), ...(await filesOf(dist))]);
  const compared = await Promise.all(
    [...files].sort().map(async (file) => [file, await same(join(scratch, file), join(dist, file))] as const),
  );
  return compared.filter(([, isSame]) => !isSame).map(([file]) => file);
}

async function same(left: string, right: string): Promise<boolean> {
  const [one, other] = await Promise.all([left, right].map((file) => readFile(file).catch(() => undefined)));
  return one !== undefined && other !== undefined && one.equals(other);
}

async function filesOf(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1));
}

async function sizes(folder: string): Promise<readonly (readonly [string, number])[]> {
  const files = (await filesOf(folder)).filter((file) => file.endsWith('index.js')).sort();
  return Promise.all(files.map(async (file) => [file, (await readFile(join(folder, file))).length] as const));
}
