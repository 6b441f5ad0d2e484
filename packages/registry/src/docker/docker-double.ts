import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/** How a docker that is not the real one behaves. */
export interface DockerDouble {
  /** Of the program; an engine of the same version answers unless told. */
  readonly version?: string;
  readonly hasEngine?: boolean;
  readonly hasBuildx?: boolean;
  /** Whether the engine has a bridged network, as engines have unless told. */
  readonly hasBridge?: boolean;
  /** What `build` prints before it fails. */
  readonly buildFailure?: string;
  /** What each `push` prints before it fails, in turn; it does its work after that. */
  readonly pushFailures?: readonly string[];
  /** Says that it pushed, and pushed nothing. */
  readonly isLiar?: boolean;
  /** Ends well without writing its metadata, as a buildx that was killed. */
  readonly hasNoMetadata?: boolean;
}

/** One call of the program. */
export interface DockerCall {
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly input: string;
}

/** A program named `docker` in a folder of its own. It really pushes: an image whose configuration names the Dockerfile. */
export async function dockerDouble(folder: string, behaviour: DockerDouble) {
  await mkdir(folder, { recursive: true });
  const program = join(folder, 'docker');
  const log = join(folder, 'calls.jsonl');
  await writeFile(log, '');
  await writeFile(program, source(log, behaviour));
  await chmod(program, 0o755);
  return {
    path: `${folder}:${dirname(process.execPath)}`,
    calls: async () =>
      (await readFile(log, 'utf8'))
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => JSON.parse(line) as DockerCall)
        .filter(({ args }) => args.at(-1) !== 'version' && args[0] !== 'version' && args[0] !== 'network'),
  };
}

function source(log: string, behaviour: DockerDouble): string {
  return `#!${process.execPath}
const { appendFileSync, readFileSync, writeFileSync } = require('node:fs');
const { createHash } = require('node:crypto');
const log = ${JSON.stringify(log)};
const { version = '28.2.2', hasEngine = true, hasBuildx = false, hasBridge = true, ...how } = ${JSON.stringify(behaviour)};
const args = process.argv.slice(2);
const env = Object.fromEntries(Object.entries(process.env).filter(([key]) => /^(DOCKER|BUILD)/.test(key)));
const before = readFileSync(log, 'utf8').split('\\n').filter((line) => line.startsWith('{"args":["push"')).length;
const input = args[0] === 'login' ? readFileSync(0, 'utf8') : '';
appendFileSync(log, JSON.stringify({ args, env, input }) + '\\n');
const end = (code, text) => { (code === 0 ? process.stdout : process.stderr).write(text + '\\n'); process.exit(code); };
const optionOf = (name) => args[args.indexOf(name) + 1];
const digestOf = (text) => 'sha256:' + createHash('sha256').update(text).digest('hex');

async function push(name, content) {
  const [, host, repository, tag] = /^([^/]+)\\/(.+):([^:]+)$/.exec(name);
  const base = 'http://' + host + '/v2/' + repository;
  const mediaType = 'application/vnd.docker.distribution.manifest.v2+json';
  const config = { mediaType: 'application/vnd.docker.container.image.v1+json', digest: digestOf(content), size: content.length };
  const manifest = JSON.stringify({ schemaVersion: 2, mediaType, config, layers: [] });
  if (!how.isLiar) {
    await fetch(base + '/blobs/uploads/?digest=' + config.digest, { method: 'POST', body: content });
    await fetch(base + '/manifests/' + tag, { method: 'PUT', headers: { 'content-type': mediaType }, body: manifest });
  }
  return digestOf(manifest);
}

async function main() {
  if (args[0] === 'version') {
    process.stdout.write(JSON.stringify({ Client: { Version: version }, ...(hasEngine ? { Server: { Version: version, Os: 'linux', Arch: 'amd64' } } : {}) }));
    process.exit(hasEngine ? 0 : 1);
  }
  if (args.join(' ') === 'buildx version')
    return hasBuildx ? end(0, 'github.com/docker/buildx v0.34.1 abc') : end(1, "docker: 'buildx' is not a docker command.");
  if (args[0] === 'network') return end(hasEngine ? 0 : 1, hasBridge ? '0123456789ab' : '');
  if (args[0] === 'build') return how.buildFailure ? end(1, how.buildFailure) : end(0, 'built');
  if (args[0] === 'login' || args[0] === 'logout') return end(0, '');
  if (args[0] === 'push') {
    const failure = (how.pushFailures ?? [])[before];
    if (failure !== undefined) return end(1, failure);
    return end(0, 'v1: digest: ' + (await push(args[1], 'pushed by docker')) + ' size: 1');
  }
  if (args[0] === 'buildx' && args[1] === 'build') {
    if (args.includes('--push')) {
      const digest = await push(optionOf('--tag'), 'pushed by buildx');
      if (!how.hasNoMetadata) writeFileSync(optionOf('--metadata-file'), JSON.stringify({ 'containerimage.digest': digest }));
    }
    return end(0, 'built');
  }
  return end(64, 'unknown command');
}
main();
`;
}
