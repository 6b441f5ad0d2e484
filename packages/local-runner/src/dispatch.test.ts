import { expect, test } from '@jest/globals';

import { printed, runText } from './testing.ts';

const WITH_INPUTS = `
on:
  workflow_dispatch:
    inputs:
      service: { type: string, required: true }
      force: { type: boolean }
      percent: { type: number, default: 5 }
      mode: { type: choice, options: [fast, safe], default: safe }
jobs:
  job:
    runs-on: x
    steps: [{ run: 'echo "$INPUTS" \${{ github.event.inputs.force }}', env: { INPUTS: '\${{ toJSON(inputs) }}' } }]
`;

test('a manual run gets its inputs typed, with defaults', async () => {
  const run = await runText(WITH_INPUTS, {
    event: { name: 'workflow_dispatch', payload: { inputs: { service: 'habits', force: 'true' } } },
  });

  expect(printed(run).map((line) => line.trim())).toEqual([
    '{',
    '"service": "habits",',
    '"force": true,',
    '"percent": 5,',
    '"mode": "safe"',
    '} true',
  ]);
});

test('a choice that is not offered is refused', async () => {
  const running = runText(WITH_INPUTS, {
    event: { name: 'workflow_dispatch', payload: { inputs: { service: 'habits', mode: 'wild' } } },
  });

  await expect(running).rejects.toThrow('input "mode" must be one of fast, safe, got "wild"');
});
