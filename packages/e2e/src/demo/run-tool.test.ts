import { expect, test } from '@jest/globals';

import { runTool } from './run-tool.ts';

test('a tool that fails is reported with its last lines', async () => {
  const failing = runTool({ program: 'sh', args: ['-c', 'echo fetching; echo "no network" >&2; exit 3'] });

  await expect(failing).rejects.toThrow(/ended with 3:\n {2}fetching\n {2}no network/);
});

test('a tool is ended with all that it started when the signal aborts', async () => {
  const stopping = new AbortController();
  const running = runTool({ program: 'sh', args: ['-c', 'sleep 60 & wait'], signal: stopping.signal });

  stopping.abort(new Error('stopped'));

  // The output stays open as long as the inner process lives: to be through means that it is gone.
  await expect(running).rejects.toThrow('stopped');
});
