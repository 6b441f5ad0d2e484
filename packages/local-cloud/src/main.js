import { enableCompileCache, flushCompileCache } from 'node:module';
import { setFlagsFromString } from 'node:v8';

// No TypeScript, the one program here: what strips types would be loaded for this file alone, with 12 MB and a fifth of the time of a start. And before
// anything else is loaded: from the second start on, what is loaded need not be compiled, nor its types stripped, which is most of the time of a start.
enableCompileCache();
const { runCloud } = await import('./run-cloud.ts');
const { collectWhenQuiet } = await import('./collect-when-quiet.ts');
// Now, as a cloud that is killed writes none at its end; and before the flags, as code that was compiled under other flags is not taken from the cache.
flushCompileCache();
// The young generation stays at the 8 MB that loading has made it. Under load it would grow to 96 MB.
setFlagsFromString('--semi-space-growth-factor=1');
// Garbage is collected when the heap has grown by a fifth, not doubled.
setFlagsFromString('--heap-growing-percent=20');
collectWhenQuiet();
await runCloud(process.argv.slice(2));
