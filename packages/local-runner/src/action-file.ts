import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { WorkflowError } from './failure.ts';
import { parseActionText } from './parser.ts';
import { literal, membersOf, type Template } from './template.ts';
import { stepOf, type StepTemplate } from './workflow-file.ts';

export interface ActionFile {
  readonly name: string;
  /** The folder of the action.yml, which paths in it start from. */
  readonly folder: string;
  /** Defaults by input name; undefined for an input without one. */
  readonly inputs: Readonly<Record<string, Template | undefined>>;
  /** Values by output name; only composite actions have them. */
  readonly outputs: Readonly<Record<string, Template | undefined>>;
  readonly runs: NodeRuns | CompositeRuns;
}

export interface NodeRuns {
  readonly kind: 'node';
  readonly main: string;
  readonly pre: string | undefined;
  readonly preCondition: string;
  readonly post: string | undefined;
  readonly postCondition: string;
}

export interface CompositeRuns {
  readonly kind: 'composite';
  readonly steps: readonly StepTemplate[];
}

/** The action in a folder. `name` is how messages call it. */
export function readAction(folder: string, name: string): ActionFile {
  const path = ['action.yml', 'action.yaml']
    .map((file) => join(folder, file))
    .find((file) => existsSync(file));
  if (path === undefined) {
    throw new WorkflowError(
      `no action.yml or action.yaml for "${name}" in ${folder}; was actions/checkout run before?`,
    );
  }
  const root = membersOf(parseActionText({ name: path, text: readFileSync(path, 'utf8') }));
  return {
    name: literal(root['name']) ?? name,
    folder,
    inputs: memberOfEach(root['inputs'], 'default'),
    outputs: memberOfEach(root['outputs'], 'value'),
    runs: runsOf(membersOf(root['runs']), name),
  };
}

function runsOf(runs: Readonly<Record<string, Template>>, name: string): NodeRuns | CompositeRuns {
  const using = literal(runs['using']) ?? '';
  if (using === 'composite') {
    return {
      kind: 'composite',
      steps: runs['steps']?.kind === 'list' ? runs['steps'].items.map(stepOf) : [],
    };
  }
  if (!['node20', 'node24'].includes(using)) {
    throw new WorkflowError(
      `"${name}" runs with "${using}", which is not supported here: only node20, node24 and composite are`,
    );
  }
  return {
    kind: 'node',
    main: literal(runs['main']) ?? '',
    pre: literal(runs['pre']),
    preCondition: literal(runs['pre-if']) ?? 'always()',
    post: literal(runs['post']),
    postCondition: literal(runs['post-if']) ?? 'always()',
  };
}

function memberOfEach(
  template: Template | undefined,
  member: string,
): Readonly<Record<string, Template | undefined>> {
  return Object.fromEntries(
    Object.entries(membersOf(template)).map(([name, each]) => [name, membersOf(each)[member]]),
  );
}
