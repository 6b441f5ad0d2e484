// Makes what runs of one unit: `node build.mjs agent`. The Dockerfiles call it, and so does Fairlead where no Docker is.
// A Node unit becomes one file in dist/<unit>; a Python unit gets its packages in <folder>/.python.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { copyFileSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

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

const name = process.argv[2];
const unit = units[name];
if (unit === undefined) {
  console.error(`unit "${name}" is unknown, expected one of ${Object.keys(units).join(', ')}`);
  process.exit(1);
}
if (unit.requirements) installPython(unit.requirements);
else await bundle(name, unit);

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
    logLevel: 'warning',
  });
  beside.forEach((file) => copyFileSync(file, join(outdir, basename(file))));
}

function installNode(folder) {
  once(join(folder, 'package-lock.json'), join(folder, 'node_modules'), () => {
    execFileSync('npm', ['ci', '--prefer-offline', '--ignore-scripts', '--no-progress'], {
      cwd: folder,
      stdio: 'inherit',
    });
  });
}

function installPython(requirements) {
  const target = join(dirname(requirements), '.python');
  const python = (...args) => execFileSync('python3', ['-m', ...args], { stdio: 'inherit' });
  once(requirements, target, () => {
    rmSync(target, { recursive: true, force: true });
    python(
      'pip',
      'install',
      '--quiet',
      '--no-compile',
      '--disable-pip-version-check',
      '--target',
      target,
      '-r',
      requirements,
    );
    // Compiled by content and not by time: the same bytes every time, and no compiling when a container starts.
    python('compileall', '-q', '-j', '0', '--invalidation-mode', 'unchecked-hash', target);
  });
}

/** Installs into `folder` unless it was made from exactly this lock file. */
function once(lockFile, folder, install) {
  const stamp = join(folder, '.made-from');
  const wanted = createHash('sha256').update(readFileSync(lockFile)).digest('hex');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return;

  install();
  writeFileSync(stamp, wanted);
}
