import { describe, expect, test } from '@jest/globals';

import { runProgram } from './run-program.ts';
import { runTool } from './run-tool.ts';

const surroundings = () => ({ env: process.env, signal: new AbortController().signal });

describe('a program', () => {
  test('is told by its exit code and all that it wrote', async () => {
    const ended = await runProgram('sh', ['-c', 'echo out; echo err >&2; exit 3'], surroundings());

    expect(ended).toEqual({ code: 3, output: 'out\nerr\n' });
  });

  test('that is not there has no exit code, and its name is in the reason', async () => {
    const ended = await runProgram('no-such-program', [], surroundings());

    expect(ended).toEqual({ code: undefined, output: 'spawn no-such-program ENOENT' });
  });

  test('that writes without end is remembered by its last words', async () => {
    const program = 'process.stdout.write("x".repeat(1_000_000) + "the end")';

    const { output } = await runProgram(process.execPath, ['-e', program], surroundings());

    expect([output.length, output.slice(-7)]).toEqual([20_000, 'the end']);
  });
});

describe('a tool', () => {
  test('that fails is reported with its last lines', async () => {
    const failing = runTool({ program: 'sh', args: ['-c', 'echo fetching; echo "no network" >&2; exit 3'] });

    await expect(failing).rejects.toThrow(/ended with 3:\n {2}fetching\n {2}no network/);
  });

  test('is ended with all that it started when the signal aborts', async () => {
    const stopping = new AbortController();
    const sleeping = runTool({ program: 'sh', args: ['-c', 'sleep 60; true'], signal: stopping.signal });

    stopping.abort(new Error('stopped'));

    // The output stays open as long as the inner process lives: to be through means that it is gone.
    await expect(sleeping).rejects.toThrow('stopped');
  });
});
