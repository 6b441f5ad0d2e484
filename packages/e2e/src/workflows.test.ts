import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { parse } from 'yaml';

import { root } from './demo/root.ts';

interface Workflow {
  readonly permissions?: unknown;
  readonly jobs: Readonly<Record<string, Job>>;
}

interface Job {
  readonly permissions?: unknown;
  readonly uses?: string;
  readonly 'timeout-minutes'?: number;
  readonly steps?: readonly {
    readonly uses?: string;
    readonly run?: string;
    readonly with?: Readonly<Record<string, unknown>>;
  }[];
}

const workflows = [
  ...filesOf('.github/workflows').map((file) => join('.github/workflows', file)),
  ...filesOf('workflows').map((name) => join('workflows', name, 'example.yml')),
].map((file) => ({ file, text: readFileSync(join(root, file), 'utf8') }));

describe.each(workflows)('$file', ({ file, text }) => {
  const workflow = parse(text) as Workflow;
  const jobs = Object.values(workflow.jobs);
  const uses = jobs
    .flatMap(({ steps = [], uses: called }) => [...steps.map((step) => step.uses), called])
    .filter((one) => one !== undefined);

  test('grants nothing at the top and says what each job needs', () => {
    expect(workflow.permissions).toEqual({});
    expect(jobs.filter(({ permissions }) => permissions === undefined)).toEqual([]);
  });

  test('gives the reason beside every grant', () => {
    const grants = text.split('\n').filter((line) => /^\s+[a-z-]+: (read|write)\b/.test(line));

    expect(grants.filter((line) => !line.includes('# '))).toEqual([]);
  });

  test('uses third-party actions by commit, with the version beside it, and our own by $/', () => {
    const ours = /^(\$\/|fairlead\/fairlead\/)/;
    const pinned = new RegExp(`@[0-9a-f]{40} # v\\d+\\.\\d+\\.\\d+$`);
    const lines = text
      .split('\n')
      .filter((line) => /uses:/.test(line) && !ours.test(line.split('uses:')[1]?.trim() ?? ''));

    expect(lines.filter((line) => !pinned.test(line.trimEnd()))).toEqual([]);
    expect(uses.filter((one) => one.startsWith('./'))).toEqual([]);
  });

  test('puts no expression into a script', () => {
    const scripts = jobs.flatMap(({ steps = [] }) => steps.map(({ run }) => run ?? ''));

    expect(scripts.filter((script) => script.includes('${{'))).toEqual([]);
  });

  test('ends every job of its own at some time', () => {
    const own = jobs.filter(({ uses: called }) => called === undefined);

    expect(own.filter((job) => job['timeout-minutes'] === undefined)).toEqual([]);
  });

  test('passes only inputs that our actions have', () => {
    const unknown = jobs
      .flatMap(({ steps = [] }) => steps)
      .filter(({ uses: used }) => used?.startsWith('$/') ?? false)
      .flatMap(({ uses: used = '', with: given = {} }) =>
        Object.keys(given)
          .filter((name) => !inputsOf(used).includes(name))
          .map((name) => `${used}: ${name}`),
      );

    expect({ file, unknown }).toEqual({ file, unknown: [] });
  });
});

function inputsOf(used: string): readonly string[] {
  const action = parse(readFileSync(join(root, used.slice('$/'.length), 'action.yml'), 'utf8')) as {
    inputs?: object;
  };
  return Object.keys(action.inputs ?? {});
}

function filesOf(folder: string): readonly string[] {
  return readdirSync(join(root, folder)).sort();
}
