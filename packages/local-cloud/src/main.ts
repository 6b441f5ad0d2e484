import { enableCompileCache, flushCompileCache } from 'node:module';
import { setFlagsFromString } from 'node:v8';

// Before anything else is loaded: from the second start on, what is loaded need not be compiled, nor its types stripped, which is most of the time of a start.
enableCompileCache();
const { runCloud } = await import('./run-cloud.ts');
// Now, as a cloud that is killed writes none at its end; and before the flag, as code that was compiled under other flags is not taken from the cache.
flushCompileCache();
// The young generation stays at the 8 MB that loading has made it. Under load it would grow to 96 MB and keep them.
setFlagsFromString('--semi-space-growth-factor=1');
// Garbage is collected when the heap has grown by a fifth, not doubled: ten thousand revisions take 70 MB less.
setFlagsFromString('--heap-growing-percent=20');
await runCloud(process.argv.slice(2));
