import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';

const index = join(import.meta.dirname, 'index.ts');

test('outputs and the summary reach the runner and the step passes', async () => {
  const ran = await run(`async ({ inputs, output, summary }) => {
    output('greeting', 'hello ' + inputs.required('name'));
    summary.sentence('All is well.');
  }`);

  expect(ran.code).toBe(0);
  expect(ran.output).toMatch(/greeting<<(\S+)\nhello agent\n\1/);
  expect(ran.summary).toBe('All is well.\n\n');
});

test('an error fails the step with its causes in one line', async () => {
  const ran = await run(`async () => {
    throw new Error('cannot stage agent', { cause: new Error('403 Forbidden') });
  }`);

  expect(ran.code).toBe(1);
  expect(ran.stdout.trim().split('\n').at(-1)).toBe('::error::cannot stage agent: 403 Forbidden');
});

test('a secret is masked line by line before anything else is printed', async () => {
  const ran = await run(`async ({ log }) => {
    log.mask('one\\ntwo');
    log.info('ready');
  }`);

  expect(ran.stdout).toBe('::add-mask::one\n::add-mask::two\nready\n');
});

async function run(action: string) {
  const folder = await mkdtemp(join(tmpdir(), 'fairlead-action-'));
  try {
    const [script, output, summary] = ['main.ts', 'output', 'summary'].map((name) => join(folder, name)) as [
      string,
      string,
      string,
    ];
    await writeFile(
      script,
      `import { runAction } from ${JSON.stringify(index)};\nawait runAction(${action});\n`,
    );
    await Promise.all([writeFile(output, ''), writeFile(summary, '')]);
    const env = { ...process.env, INPUT_NAME: 'agent', GITHUB_OUTPUT: output, GITHUB_STEP_SUMMARY: summary };
    const ran = await execute(script, env);
    return { ...ran, output: await readFile(output, 'utf8'), summary: await readFile(summary, 'utf8') };
  } finally {
    await rm(folder, { recursive: true });
  }
}

function execute(
  script: string,
  env: NodeJS.ProcessEnv,
): Promise<{ readonly code: number; readonly stdout: string }> {
  return new Promise((resolve) => {
    execFile(process.execPath, [script], { env }, (error, stdout) => {
      resolve({ code: typeof error?.code === 'number' ? error.code : 0, stdout });
    });
  });
}
