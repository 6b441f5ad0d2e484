// Makes what runs of one unit: `node build.mjs agent`. The Dockerfiles call it, and so does Fairlead where no Docker is.
// A Node unit becomes one file in dist/<unit>; a Python unit gets its packages in <folder>/.python.
// `node build.mjs packages` only installs, which Docker then does once for all Node units.
// Installed packages are kept by lock file in .cache, or in the folder that BUILD_CACHE names.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
} from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';

const units = {
  agent: { main: 'src/agent_service/main.ts', beside: ['src/agent_service/schema.graphql'] },
  journal: { main: 'src/journal_service/main.ts', beside: ['src/journal_service/schema.graphql'] },
  habits: { requirements: 'habits_service/requirements.txt' },
  meals: { main: 'meals_service/main.ts', beside: ['meals_service/schema.graphql'] },
  movements: { main: 'movements_service/main.ts', beside: ['movements_service/schema.graphql'] },
  practices: { main: 'practices_service/main.ts', beside: ['practices_service/schema.graphql'] },
  users: { main: 'users_service/main.ts', beside: ['users_service/schema.graphql'] },
  mesh: { main: 'mesh/main.ts', packages: ['.', 'mesh'] },
  web: { main: 'web/main.ts', beside: ['web/index.html'] },
};

await make(process.argv[2]);

async function make(name) {
  if (name === 'packages') return installNode('.');
  const unit = units[name];
  if (unit === undefined) {
    const known = ['packages', ...Object.keys(units)].join(', ');
    throw new Error(`unit "${name}" is unknown, expected one of ${known}`);
  }
  if (unit.requirements) return installPython(unit.requirements);
  await bundle(name, unit);
}

async function bundle(name, { main, beside = [], packages = ['.'] }) {
  packages.forEach(installNode);
  const { build } = await import('esbuild');
  const outdir = join('dist', name);

  rmSync(outdir, { recursive: true, force: true });
  mkdirSync(outdir, { recursive: true });
  await build({
    entryPoints: [main],
    outfile: join(outdir, 'main.mjs'),
    bundle: true,
    platform: 'node',
    target: 'node24',
    format: 'esm',
    // Some packages inside are CommonJS and ask for Node's own modules by require.
    banner: {
      js: `import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);`,
    },
    // Paths of packages get into the file: as they are here, not as they are in the cache.
    preserveSymlinks: true,
    logLevel: 'warning',
  });
  beside.forEach((file) => copyFileSync(file, join(outdir, basename(file))));
}

function installNode(folder) {
  const files = ['package.json', 'package-lock.json', '.npmrc'].map((file) => join(folder, file));
  const kept = cached('node', [...files.map((file) => readFileSync(file)), platform()], (place) => {
    files.forEach((file) => copyFileSync(file, join(place, basename(file))));
    run('npm', ['ci', '--prefer-offline', '--ignore-scripts', '--no-progress'], place);
  });
  const link = join(folder, 'node_modules');
  rmSync(link, { recursive: true, force: true });
  symlinkSync(join(kept, 'node_modules'), link, 'junction');
}

function installPython(requirements) {
  const target = join(dirname(requirements), '.python');
  const version = execFileSync('python3', ['--version']);
  const kept = cached('python', [readFileSync(requirements), platform(), version], (place) => {
    const quiet = ['--quiet', '--no-compile', '--disable-pip-version-check', '--root-user-action=ignore'];
    run('python3', ['-m', 'pip', 'install', ...quiet, '--target', place, '-r', requirements]);
    // Compiled by content and not by time: the same bytes every time, and no compiling when a container starts.
    const reproducible = ['--invalidation-mode', 'unchecked-hash', '-s', place, '-p', target];
    run('python3', ['-m', 'compileall', '-q', '-j', '0', ...reproducible, place]);
  });
  rmSync(target, { recursive: true, force: true });
  cpSync(kept, target, { recursive: true });
}

/** A folder that `fill` made from exactly these inputs, now or earlier. Builds at the same time do not disturb each other. */
function cached(kind, inputs, fill) {
  const hash = createHash('sha256');
  inputs.forEach((input) => hash.update(input).update('\0'));
  const root = resolve(process.env.BUILD_CACHE || '.cache');
  const place = join(root, `${kind}-${hash.digest('hex').slice(0, 16)}`);
  if (existsSync(place)) return place;

  mkdirSync(root, { recursive: true });
  const making = mkdtempSync(`${place}-`);
  fill(making);
  try {
    renameSync(making, place);
  } catch (error) {
    if (!existsSync(place)) throw error;
    rmSync(making, { recursive: true, force: true });
  }
  return place;
}

function platform() {
  return `${process.platform} ${process.arch}`;
}

function run(program, args, cwd = '.') {
  execFileSync(program, args, { cwd, stdio: 'inherit' });
}
