import { execFileSync } from 'node:child_process';
import { appendFileSync, mkdirSync } from 'node:fs';
import { resolve, sep } from 'node:path';
import { pathToFileURL } from 'node:url';

const input = (name) => (process.env[`INPUT_${name.toUpperCase()}`] ?? '').trim();
const workspace = process.env.GITHUB_WORKSPACE;
const folder = resolve(workspace, input('path'));
const isOwn = input('repository').toLowerCase() === process.env.GITHUB_REPOSITORY.toLowerCase();
const depth = Number(input('fetch-depth') || '1');

if (folder !== workspace && !folder.startsWith(workspace + sep)) {
  fail(`input "path" must stay within the workspace, got "${input('path')}"`);
}
if (!Number.isInteger(depth) || depth < 0) {
  fail(`input "fetch-depth" must be a whole number from 0, got "${input('fetch-depth')}"`);
}

const origin = pathToFileURL(originOf(input('repository'))).href;
mkdirSync(folder, { recursive: true });
git('init', '--quiet', '--initial-branch', 'main');
git('remote', 'add', 'origin', origin);
git('config', 'gc.auto', '0');
const { wanted, branch, tag } = target();
fetchAll();
checkOut();
const commit = git('rev-parse', 'HEAD');
appendFileSync(process.env.GITHUB_OUTPUT, `ref=${wanted}\ncommit=${commit}\n`);
console.log(`${input('repository')} at ${commit} in ${folder}`);

/** What to check out: the commit that runs, or the ref that is asked for. */
function target() {
  const asked = input('ref') || (isOwn ? process.env.GITHUB_REF : 'HEAD');
  const commit = input('ref') === '' && isOwn ? process.env.GITHUB_SHA : undefined;
  if (/^[0-9a-f]{40}$/.test(asked)) return { wanted: asked, commit: asked };
  const full = asked.startsWith('refs/') || asked === 'HEAD' ? asked : fullRef(asked);
  return {
    wanted: commit ?? full,
    branch: full.startsWith('refs/heads/') ? full.slice('refs/heads/'.length) : undefined,
    tag: full.startsWith('refs/tags/') ? full : undefined,
  };
}

function fullRef(name) {
  for (const prefix of ['refs/heads/', 'refs/tags/']) {
    if (git('ls-remote', 'origin', prefix + name) !== '') return prefix + name;
  }
  return fail(`"${name}" is neither a branch nor a tag nor a whole commit of ${input('repository')}`);
}

function fetchAll() {
  const into = branch === undefined ? (tag ?? 'refs/checkout/wanted') : `refs/remotes/origin/${branch}`;
  const all = ['+refs/heads/*:refs/remotes/origin/*', '+refs/tags/*:refs/tags/*'];
  const one = `+${wanted}:${into}`;
  if (depth === 0) git('fetch', '--quiet', '--no-recurse-submodules', 'origin', ...all);
  const limits = depth === 0 ? [] : [`--depth=${depth}`];
  const tags = depth !== 0 && input('fetch-tags') === 'true' ? ['--tags'] : ['--no-tags'];
  git('fetch', '--quiet', ...tags, '--no-recurse-submodules', ...limits, 'origin', one);
}

function checkOut() {
  if (branch !== undefined)
    git('checkout', '--quiet', '--force', '-B', branch, `refs/remotes/origin/${branch}`);
  else git('checkout', '--quiet', '--force', '--detach', tag ?? 'refs/checkout/wanted');
}

function originOf(repository) {
  const folders = Object.entries(JSON.parse(process.env.LOCAL_RUNNER_REPOSITORIES ?? '{}'));
  const found = folders.find(([name]) => name.toLowerCase() === repository.toLowerCase());
  return (
    found?.[1] ??
    fail(`"${repository}" is not on this machine; map it to a folder with the option "mappings"`)
  );
}

function git(...args) {
  try {
    const options = { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] };
    return execFileSync('git', ['-C', folder, '-c', 'protocol.version=2', ...args], options).trim();
  } catch (thrown) {
    return fail(`git ${args.join(' ')}: ${String(thrown.stderr || thrown.message).trim()}`);
  }
}

function fail(message) {
  console.log(`::error::${message.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A')}`);
  process.exit(1);
}
