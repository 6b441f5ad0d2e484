import { parseArgs } from 'node:util';

import { runBench } from './run-bench.ts';
import { FULL, TINY } from './sizes.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { strict: { type: 'boolean', default: false }, tiny: { type: 'boolean', default: false } },
});

try {
  let missed = 0;
  for await (const one of runBench(positionals, values.tiny ? TINY : FULL)) {
    console.log(JSON.stringify(one));
    if (one.met === false) missed += 1;
  }
  if (values.strict && missed > 0) process.exitCode = 1;
} catch (thrown) {
  console.error(`bench: ${thrown instanceof Error ? thrown.message : String(thrown)}`);
  process.exitCode = 2;
}
