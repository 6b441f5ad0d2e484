import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';

import { type RunEvent, type RunOptions, runWorkflow, WorkflowError } from './index.ts';

const USAGE = `Runs a workflow of a local repository on this machine.

  node packages/local-runner/src/main.ts --repository FOLDER --workflow .github/workflows/x.yml [--event push]
    [--payload FILE.json] [--ref refs/heads/main] [--sha COMMIT] [--name OWNER/REPO] [--json]
    [--secret NAME=VALUE]… [--var NAME=VALUE]… [--env NAME=VALUE]… [--map OWNER/REPO=FOLDER]…

--json prints each event as one JSON object a line instead of the log. Exit code: 0 success, 1 failure, 2 cannot run.
`;

const stop = new AbortController();
process.once('SIGINT', () => {
  stop.abort();
});
process.once('SIGTERM', () => {
  stop.abort();
});
process.exitCode = await main();

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      repository: { type: 'string', default: '.' },
      workflow: { type: 'string' },
      event: { type: 'string', default: 'push' },
      payload: { type: 'string' },
      ref: { type: 'string' },
      sha: { type: 'string' },
      name: { type: 'string' },
      json: { type: 'boolean', default: false },
      secret: { type: 'string', multiple: true, default: [] },
      var: { type: 'string', multiple: true, default: [] },
      env: { type: 'string', multiple: true, default: [] },
      map: { type: 'string', multiple: true, default: [] },
    },
  });
  if (values.workflow === undefined) {
    process.stderr.write(USAGE);
    return 2;
  }
  const payload: unknown =
    values.payload === undefined ? {} : JSON.parse(readFileSync(values.payload, 'utf8'));
  return run({
    repository: values.repository,
    workflow: values.workflow,
    event: { name: values.event, payload },
    secrets: pairs(values.secret),
    vars: pairs(values.var),
    env: pairs(values.env),
    mappings: pairs(values.map),
    signal: stop.signal,
    onEvent: values.json ? printJson : printLine,
    ...(values.ref === undefined ? {} : { ref: values.ref }),
    ...(values.sha === undefined ? {} : { sha: values.sha }),
    ...(values.name === undefined ? {} : { repositoryName: values.name }),
  });
}

async function run(options: RunOptions): Promise<number> {
  try {
    const { conclusion } = await runWorkflow(options);
    return conclusion === 'success' ? 0 : 1;
  } catch (thrown) {
    if (!(thrown instanceof WorkflowError)) throw thrown;
    process.stderr.write(`${thrown.message}\n`);
    return 2;
  }
}

function pairs(words: readonly string[]): Readonly<Record<string, string>> {
  return Object.fromEntries(
    words.map((word) => [word.slice(0, word.indexOf('=')), word.slice(word.indexOf('=') + 1)]),
  );
}

function printJson(event: RunEvent): void {
  process.stdout.write(`${JSON.stringify(event)}\n`);
}

function printLine(event: RunEvent): void {
  const line = lineOf(event);
  if (line !== undefined) process.stdout.write(`${line}\n`);
}

function lineOf(event: RunEvent): string | undefined {
  switch (event.kind) {
    case 'log':
      return `${event.job} | ${event.line}`;
    case 'step-started':
      return `${event.job} > ${event.step}`;
    case 'job-ended':
    case 'workflow-ended':
      return `${event.kind === 'job-ended' ? event.job : 'workflow'}: ${event.conclusion} after ${event.seconds.toFixed(1)} s`;
    default:
      return undefined;
  }
}
