import { describe, expect, test } from '@jest/globals';

import { runCommand } from './index.ts';

const node = (program: string, options?: Parameters<typeof runCommand>[2]) =>
  runCommand(process.execPath, ['-e', program], options);

test('a program that ends without reading its input is judged by how it ended', async () => {
  const input = 'x'.repeat(1_000_000);

  const ended = await node('console.log("enough"); process.exit(3)', { input });

  expect(ended).toEqual({ exitCode: 3, stdout: 'enough\n', stderr: '' });
});

test('what a program prints is returned, whatever its exit code', async () => {
  const ended = await node('console.log("out"); console.error("err"); process.exitCode = 2');

  expect(ended).toEqual({ exitCode: 2, stdout: 'out\n', stderr: 'err\n' });
});

test('a program reads its input to the end', async () => {
  const ended = await node('process.stdin.pipe(process.stdout)', { input: Buffer.from('grüße\n') });

  expect(ended.stdout).toBe('grüße\n');
});

test('a program without input finds its input ended', async () => {
  const ended = await node('process.stdin.on("end", () => console.log("ended")).resume()');

  expect(ended.stdout).toBe('ended\n');
});

test('arguments reach the program as they are', async () => {
  const args = ['two words', '"quoted"', '$HOME', ''];

  const ended = await runCommand(process.execPath, ['-p', 'JSON.stringify(process.argv.slice(1))', ...args]);

  expect(JSON.parse(ended.stdout)).toEqual(args);
});

test('lines are told as they come, the last one without its end too', async () => {
  const lines: string[] = [];

  await node('process.stdout.write("one\\ntwo\\nthree")', { onLine: (line) => lines.push(line) });

  expect(lines).toEqual(['one', 'two', 'three']);
});

test('a program that is killed ends as a shell says it', async () => {
  const ended = await node('process.kill(process.pid, "SIGTERM"); setInterval(() => {}, 1000)');

  expect(ended.exitCode).toBe(143);
});

describe('output goes to the log', () => {
  const logged = (options: string) =>
    node(`
      const { runCommand } = await import(${JSON.stringify(import.meta.resolve('./index.ts'))});
      await runCommand(process.execPath, ['-e', 'console.log("out"); console.error("err")'], ${options});
    `);

  test('while it runs, after the command, when asked for', async () => {
    const { stdout } = await logged('{ live: true }');

    expect(stdout.split('\n').toSorted()).toEqual([
      '',
      expect.stringMatching(/^\[command\].* -e /),
      'err',
      'out',
    ]);
  });

  test('not otherwise', async () => {
    expect(await logged('{}')).toEqual({ exitCode: 0, stdout: '', stderr: '' });
  });
});

test.each([
  {
    what: 'program',
    program: 'no-such-program',
    cwd: '/',
    says: /^"no-such-program" cannot be started in "\/": .*ENOENT/,
  },
  {
    what: 'folder',
    program: process.execPath,
    cwd: '/no/folder',
    says: /cannot be started in "\/no\/folder": /,
  },
])('a $what that is missing is named', async ({ program, cwd, says }) => {
  await expect(runCommand(program, [], { cwd })).rejects.toThrow(says);
});
