import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

import { parseManifest, type Unit } from '@fairlead/manifest';
import { canonicalSdl, compose } from '@fairlead/supergraph';
import { describe, expect, test } from '@jest/globals';

const example = join(import.meta.dirname, '../../../examples/mindmirror');
const textOf = (file: string): string => readFileSync(join(example, file), 'utf8');
const units = unitsOf(textOf('fairlead.yaml'));
const subgraphs = units.filter(({ subgraph }) => subgraph !== undefined);
const nodeSubgraphs = subgraphs.filter(({ name }) => name !== 'habits');

describe('the example is the reference (DC-03, BP-22)', () => {
  test('its manifest is accepted and names ten units of irregular roots', () => {
    const roots = Object.fromEntries(units.map(({ name, paths }) => [name, paths]));

    expect(roots).toEqual({
      agent: ['src/agent_service/**'],
      journal: ['src/journal_service/**'],
      habits: ['habits_service/**'],
      meals: ['meals_service/**'],
      movements: ['movements_service/**'],
      practices: ['practices_service/**'],
      users: ['users_service/**'],
      'celery-worker': ['celery-worker/**'],
      mesh: ['mesh/**'],
      web: ['web/**'],
    });
  });

  test.each(units.filter(({ run }) => run.port !== undefined))(
    'the Dockerfile of $name exposes and probes the port that is deployed, as a user that is not root (BP-21)',
    ({ image, run }) => {
      const dockerfile = textOf(image?.dockerfile ?? 'none');

      expect(dockerfile).toContain(`\nEXPOSE ${run.port ?? 'none'}\n`);
      expect(dockerfile).toContain(`127.0.0.1:${run.port ?? 'none'}/health`);
      expect(dockerfile).toMatch(/\nHEALTHCHECK --interval=30s --timeout=3s --start-period=10s --retries=3 /);
      expect(dockerfile).toContain('\nUSER 1000\n');
    },
  );

  test('its subgraphs compose into one graph, before and after the change of the demo', () => {
    const now = compose(subgraphs.map((unit) => sourceOf(unit, '')));
    const then = compose(subgraphs.map((unit) => sourceOf(unit, 'changes/01-habits-streak/')));

    expect([now, then]).toEqual([
      expect.objectContaining({ kind: 'supergraph', sdl: expect.not.stringContaining('streak') }),
      expect.objectContaining({ kind: 'supergraph', sdl: expect.stringContaining('streak') }),
    ]);
  });
});

describe('the schema that is committed is the schema that is served (after "node build.mjs" in examples/mindmirror)', () => {
  const built = (path: string) => (existsSync(join(example, path)) ? test : test.skip);

  built('node_modules').each(nodeSubgraphs)('by $name', async ({ subgraph, paths }) => {
    await using service = await started(paths[0]?.replace('**', 'main.ts') ?? 'none');

    const served = await sdlAt(service.url);

    expect(canonicalSdl(served)).toBe(canonicalSdl(textOf(subgraph?.schema ?? 'none')));
  });

  built('habits_service/.python')('by habits', async () => {
    const printed = await outputOf('python3', ['-m', 'habits_service.app.schema']);

    expect(canonicalSdl(printed)).toBe(canonicalSdl(textOf('habits_service/schema.graphql')));
  });
});

function unitsOf(text: string): readonly Unit[] {
  const parsed = parseManifest(text, 'fairlead.yaml');
  if (parsed.kind === 'errors') throw new Error(parsed.errors.map(({ message }) => message).join('\n'));
  return parsed.manifest.units;
}

function sourceOf({ name, service, subgraph }: Unit, overlay: string) {
  const schema = subgraph?.schema ?? 'none';
  const file = existsSync(join(example, overlay, schema)) ? `${overlay}${schema}` : schema;
  return { name, file, sdl: textOf(file), url: `https://${service}.example.com/graphql` };
}

interface Service extends AsyncDisposable {
  readonly url: string;
}

/** Runs a unit of the example on a free port, once it says which. */
async function started(main: string): Promise<Service> {
  const env = { PATH: process.env['PATH'], PORT: '0', HOST: '127.0.0.1' };
  const child = spawn(process.execPath, [main], {
    cwd: example,
    env,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const gone = once(child, 'exit');
  for await (const line of createInterface(child.stdout)) {
    const port = /listens on port (\d+)/.exec(line)?.[1];
    if (port === undefined) continue;
    return {
      url: `http://127.0.0.1:${port}`,
      [Symbol.asyncDispose]: async () => {
        child.kill('SIGTERM');
        await gone;
      },
    };
  }
  throw new Error(`${main} ended before it listened`);
}

async function sdlAt(url: string): Promise<string> {
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query: '{ _service { sdl } }' }),
  });
  const { data } = (await response.json()) as {
    readonly data: { readonly _service: { readonly sdl: string } };
  };
  return data._service.sdl;
}

async function outputOf(program: string, args: readonly string[]): Promise<string> {
  const env = {
    PATH: process.env['PATH'],
    PYTHONPATH: `${example}:${join(example, 'habits_service/.python')}`,
  };
  const child = spawn(program, args, { cwd: example, env, stdio: ['ignore', 'pipe', 'inherit'] });
  const lines: string[] = [];
  for await (const line of createInterface(child.stdout)) lines.push(line);
  return lines.join('\n');
}
