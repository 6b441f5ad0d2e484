import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

import { expect, test } from '@jest/globals';

import { listening } from '../test-engine.ts';
import { freePorts } from './free-port.ts';

/** Forty that no cloud takes by itself; somebody else may have some of them. */
const RANGE = { lowest: 32_100, beyond: 32_140 };

test('processes that race for few ports never get the same one, and a killed one gives its ports free', async () => {
  await using racers = new AsyncDisposableStack();
  const both = [racer(18), racer(18)].map((one) => racers.use(one));
  await Promise.all(both.map(({ ready }) => ready));

  const [first = [], second = []] = await Promise.all(both.map(({ go }) => go()));
  await both[0]?.kill();
  const after = racers.use(racer(18));
  await after.ready;
  const third = await after.go();

  expect(new Set([...first, ...second]).size).toBe(36);
  expect(third.filter((port) => second.includes(port))).toEqual([]);
  expect(third.filter((port) => first.includes(port)).length).toBeGreaterThan(10);
});

test('a port is handed out again when it was given back, and not while somebody listens on it', async () => {
  const ports = freePorts({ ...RANGE, random: () => 0 });

  const first = await ports.take();
  const second = await ports.take();
  ports.giveBack(first);
  const again = await ports.take();
  ports.giveBack(again);
  const server = await listening(createServer(), again);
  const past = await ports.take();
  server.close();
  [second, past].forEach(ports.giveBack);

  expect(again).toBe(first);
  expect([first, second]).not.toContain(past);
});

test('a port that is kept is never handed out, and a range without a free port is said so', async () => {
  const ports = freePorts({ lowest: 32_150, beyond: 32_152, kept: [32_150, 32_151] });

  await expect(ports.take()).rejects.toThrow(
    'expected a free port on 127.0.0.1 from 32150 to 32151, found none',
  );
});

interface Racer extends AsyncDisposable {
  readonly ready: Promise<unknown>;
  /** The ports that it took. */
  readonly go: () => Promise<readonly number[]>;
  readonly kill: () => Promise<void>;
}

const taker = fileURLToPath(new URL('../test-port-taker.ts', import.meta.url));

function racer(count: number): Racer {
  const args = [taker, String(count), String(RANGE.lowest), String(RANGE.beyond)];
  const child = spawn(process.execPath, args, { stdio: ['pipe', 'pipe', 'inherit'] });
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]();
  const line = async () => String((await lines.next()).value);
  const kill = () => killed(child);
  const ready = line();
  return {
    ready,
    go: async () => {
      child.stdin.write('go\n');
      return JSON.parse(await line()) as readonly number[];
    },
    kill,
    [Symbol.asyncDispose]: kill,
  };
}

async function killed(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill('SIGKILL');
  await ended;
}
