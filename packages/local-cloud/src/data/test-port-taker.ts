import { once } from 'node:events';

import { freePorts } from './containers/free-port.ts';

// For tests, as a process of its own: told to go, takes so many ports at once, says which, and keeps them until it is killed.
const [count = 0, lowest = 0, beyond = 0] = process.argv.slice(2).map(Number);
const ports = freePorts({ lowest, beyond });
process.stdout.write('ready\n');
await once(process.stdin, 'data');
const taken = await Promise.all(Array.from({ length: count }, () => ports.take()));
process.stdout.write(`${JSON.stringify(taken)}\n`);
