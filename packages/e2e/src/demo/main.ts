import { existsSync } from 'node:fs';
import { join } from 'node:path';

import { messageOf } from '@fairlead/action-kit';

import { answeringEngine, type Engine, NoEngine, startEngine } from './engine.ts';
import { type DemoOptions, parseOptions, usage } from './options.ts';
import { Missing } from './missing.ts';
import { claimFolder, type OwnFolder } from './own-folder.ts';
import { play } from './play.ts';
import { preflight } from './preflight.ts';
import { columnsOf, progressOn, stepTable } from './progress.ts';
import { type Report, writeReport } from './report.ts';
import { workFolder } from './root.ts';
import type { LiveService } from './seen.ts';

// What a shell says of a program that Ctrl-C ended.
const STOPPED = 130;

// Each part is asked to stop and given this long; then what is left is killed.
const PATIENCE_MS = 10_000;

const parsed = parseOptions(process.argv.slice(2));
if (parsed.kind === 'options') process.exitCode = await demo(parsed.options);
else if (parsed.kind === 'help') console.log(usage);
else {
  console.error(`demo: ${parsed.message}\n\n${usage}`);
  process.exitCode = 2;
}

async function demo(options: DemoOptions): Promise<number> {
  const interrupted = new AbortController();
  const progress = progressOn(process.stdout, interrupted.signal);
  const requests = { total: 0, failed: 0 };
  const report: Report = { ok: false, containers: options.containers ?? 'process', steps: [], requests };
  const outcome = { ok: false, containers: report.containers };
  try {
    await writeReport(options.report, report);
    await using cleanUp = new AsyncDisposableStack();
    const own = cleanUp.use(await claimFolder(workFolder));
    keepInside(own.temp);
    stopOn(['SIGINT', 'SIGTERM', 'SIGHUP'], { interrupted, own });
    const engine = await engineFor(options, cleanUp);
    interrupted.signal.throwIfAborted();
    outcome.containers = engine === undefined ? 'process' : 'docker';
    await preflight(outcome.containers);
    const live = await play({ engine, progress, cleanUp, requests, signal: interrupted.signal });
    outcome.ok = requests.failed === 0;
    await writeReport(options.report, { ...outcome, steps: progress.steps, requests });
    sayWhatIsThere({ ...outcome, steps: progress.steps, requests }, live);
    if (!options.headless && outcome.ok) await untilStopped(interrupted.signal);
  } catch (thrown) {
    if (thrown instanceof NoEngine || thrown instanceof Missing) return refused(thrown);
    outcome.ok = false;
    await writeReport(options.report, { ...outcome, steps: progress.steps, requests });
    if (!interrupted.signal.aborted) console.error(`\ndemo: ${messageOf(thrown)}`);
  }
  if (interrupted.signal.aborted) console.log('Stopped; nothing is left running.');
  if (outcome.ok) return 0;
  return interrupted.signal.aborted ? STOPPED : 1;
}

function refused(reason: Error): number {
  console.error(`demo: ${reason.message}`);
  return 2;
}

/** Everything that is started from here on keeps its temporary files and its downloads in this checkout. */
function keepInside(temp: string): void {
  process.env['TMPDIR'] = temp;
  process.env['npm_config_cache'] = join(workFolder, '../npm');
  process.env['PIP_CACHE_DIR'] = join(workFolder, '../pip');
}

interface Stopping {
  readonly interrupted: AbortController;
  readonly own: OwnFolder;
}

function stopOn(signals: readonly NodeJS.Signals[], { interrupted, own }: Stopping): void {
  const stop = (): void => {
    if (interrupted.signal.aborted) return;
    interrupted.abort(new Error('stopped before it was through'));
    process.stdout.write('\nStopping …\n');
    setTimeout(own.killAll, PATIENCE_MS).unref();
  };
  for (const signal of signals) process.on(signal, stop);
  // A defect that ends this process must not leave others behind.
  process.on('exit', own.killAll);
  // Nobody reads on: a closed pipe or terminal must not end this process before it has cleaned up.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', stop);
}

function sayWhatIsThere({ ok, containers, steps, requests }: Report, live: readonly LiveService[]): void {
  console.log(`\n${stepTable(steps, columnsOf(process.stdout))}\n`);
  console.log(`  ${requests.total} requests were sent meanwhile, ${requests.failed} failed.\n`);
  printAddresses(live);
  if (containers === 'process')
    console.log('\nThe services ran as processes. With a Docker engine: ./demo --containers=docker');
  if (!ok)
    console.error(`\ndemo: expected no failed request, ${requests.failed} of ${requests.total} failed`);
}

async function engineFor(options: DemoOptions, cleanUp: AsyncDisposableStack): Promise<Engine | undefined> {
  if (options.containers === 'process') return undefined;
  const answering = await answeringEngine();
  if (answering !== undefined || options.containers === undefined) return answering;
  const folder = join(workFolder, '../docker');
  const data = existsSync(folder) ? 'the data of an earlier run' : 'its data';
  const engine = await startEngine(folder, () => {
    console.log(`Starting a Docker engine of our own, with ${data} in .fairlead/docker …`);
  });
  cleanUp.defer(() => engine.stop());
  return engine;
}

function printAddresses(live: readonly LiveService[]): void {
  const width = Math.max(...live.map(({ name }) => name.length));
  for (const { name, url, revision } of live) console.log(`  ${name.padEnd(width)}  ${url}  ${revision}`);
}

async function untilStopped(signal: AbortSignal): Promise<void> {
  console.log('\nEverything stays up for a look; press Ctrl-C to stop it.');
  const alive = setInterval(() => undefined, 60_000);
  await new Promise((resolve) => {
    signal.addEventListener('abort', resolve, { once: true });
  });
  clearInterval(alive);
}
