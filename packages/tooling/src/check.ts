// Runs every check, two at a time, shows the output of those that fail and ends with a count.
// With --without-tests it leaves the tests out, for a CI that has run them on their own.
import { spawn } from 'node:child_process';

import { root } from './actions.ts';

interface Outcome {
  readonly check: string;
  readonly passed: boolean;
  readonly seconds: number;
  readonly output: string;
}

const checks = ['format', 'types', 'lint', 'direction', 'unused', 'docs', 'dist'].map(
  (name) => `check:${name}`,
);
const tests = process.argv.includes('--without-tests') ? [] : ['test'];
const outcomes = [...(await inPairs(checks)), ...(await inPairs(tests))];
const failed = outcomes.filter(({ passed }) => !passed);
console.log(`${outcomes.length - failed.length} passed, ${failed.length} failed`);
process.exitCode = failed.length === 0 ? 0 : 1;

async function inPairs(names: readonly string[]): Promise<readonly Outcome[]> {
  const waiting = [...names];
  const done: Outcome[] = [];
  const work = async (): Promise<void> => {
    for (let name = waiting.shift(); name !== undefined; name = waiting.shift())
      done.push(await runScript(name));
  };
  await Promise.all([work(), work()]);
  return done;
}

async function runScript(check: string): Promise<Outcome> {
  const start = performance.now();
  const { code, output } = await npmRun(check);
  const outcome = { check, passed: code === 0, seconds: (performance.now() - start) / 1000, output };
  console.log(`${outcome.passed ? 'ok    ' : 'FAILED'} ${check.padEnd(16)} ${outcome.seconds.toFixed(1)} s`);
  if (!outcome.passed || check === 'test') console.log(output.trimEnd());
  return outcome;
}

function npmRun(script: string): Promise<{ readonly code: number | undefined; readonly output: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn('npm', ['run', '--silent', script], { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    const keep = (chunk: Buffer): void => {
      output += chunk.toString();
    };
    child.stdout.on('data', keep);
    child.stderr.on('data', keep);
    child.on('error', reject);
    child.on('close', (code) => {
      resolve({ code: code ?? undefined, output });
    });
  });
}
