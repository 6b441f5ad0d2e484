import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { WorkflowError } from './failure.ts';
import { type Permissions, DEFAULT_PERMISSIONS, excessOf, permissionsOf } from './permissions.ts';
import { remoteReference, type Source, type Sources } from './sources.ts';
import { literal, membersOf } from './template.ts';
import { type CallWork, type JobTemplate, readWorkflow, type WorkflowFile } from './workflow-file.ts';

/** GitHub allows ten workflows above each other, the caller's included. */
const MOST_LEVELS = 10;

/** A workflow with all that it calls, read and checked before anything runs. */
export interface WorkflowTree {
  readonly source: Source;
  readonly path: string;
  readonly file: WorkflowFile;
  /** The called workflows by the id of the calling job. */
  readonly calls: ReadonlyMap<string, WorkflowTree>;
}

export interface Location {
  readonly source: Source;
  readonly path: string;
}

/** Reads a workflow and, deeper and deeper, what it calls; throws a `WorkflowError` that lists what cannot work. */
export async function loadTree(location: Location, sources: Sources): Promise<WorkflowTree> {
  const tree = await load({ location, sources, level: 1 });
  const errors = permissionErrors(tree, permissionsOf(tree.file.permissions) ?? DEFAULT_PERMISSIONS);
  if (errors.length > 0) throw new WorkflowError(errors.join('\n'));
  return tree;
}

interface Loading {
  readonly location: Location;
  readonly sources: Sources;
  readonly level: number;
}

async function load({ location, sources, level }: Loading): Promise<WorkflowTree> {
  const { source, path } = location;
  if (level > MOST_LEVELS) {
    throw new WorkflowError(
      `${path}: more than ${MOST_LEVELS} workflows call one another; the limit is ${MOST_LEVELS} levels`,
    );
  }
  const where = join(source.folder, path);
  if (!existsSync(where))
    throw new WorkflowError(`no workflow "${path}" in ${source.repository} at ${source.sha}`);
  const file = await readWorkflow({ name: path, text: readFileSync(where, 'utf8') });
  const calls = new Map<string, WorkflowTree>();
  for (const job of file.jobs) {
    if (job.work.kind !== 'call') continue;
    const called = await load({
      location: await locate(job.work.uses, source, sources),
      sources,
      level: level + 1,
    });
    checkCall(`${path}: job "${job.id}"`, job.work, called);
    calls.set(job.id, called);
  }
  return { source, path, file, calls };
}

async function locate(uses: string, source: Source, sources: Sources): Promise<Location> {
  if (uses.startsWith('./') || uses.startsWith('$/')) return { source, path: uses.slice(2) };
  const reference = remoteReference(uses);
  return { source: await sources.mapped(reference), path: reference.path };
}

function checkCall(caller: string, work: CallWork, called: WorkflowTree): void {
  const signature = called.file.call;
  if (signature === undefined) {
    throw new WorkflowError(`${caller} calls ${called.path}, which has no "on: workflow_call"`);
  }
  const inputs = Object.keys(membersOf(work.with));
  const secrets = literal(work.secrets) === 'inherit' ? undefined : Object.keys(membersOf(work.secrets));
  const errors = [
    ...inputs
      .filter((name) => !(name in signature.inputs))
      .map((name) => `input "${name}" is not defined in ${called.path}`),
    ...requiredOf(signature.inputs)
      .filter((name) => !inputs.includes(name))
      .map((name) => `input "${name}" is required by ${called.path} and is not given`),
    ...(secrets ?? [])
      .filter((name) => !(name in signature.secrets))
      .map((name) => `secret "${name}" is not defined in ${called.path}`),
    ...requiredOf(signature.secrets)
      .filter((name) => secrets !== undefined && !secrets.includes(name))
      .map((name) => `secret "${name}" is required by ${called.path} and is not given`),
  ];
  if (errors.length > 0) throw new WorkflowError(errors.map((error) => `${caller}: ${error}`).join('\n'));
}

function requiredOf(
  definitions: Readonly<Record<string, { readonly required: boolean }>>,
): readonly string[] {
  return Object.entries(definitions)
    .filter(([, definition]) => definition.required)
    .map(([name]) => name);
}

/** The access of a job's token, given what its workflow has when it says nothing itself. */
export function grantOf(job: JobTemplate, tree: WorkflowTree, inherited: Permissions): Permissions {
  return permissionsOf(job.permissions) ?? permissionsOf(tree.file.permissions) ?? inherited;
}

function permissionErrors(tree: WorkflowTree, inherited: Permissions): readonly string[] {
  return tree.file.jobs.flatMap((job) => {
    const allowed = grantOf(job, tree, inherited);
    const called = tree.calls.get(job.id);
    if (called === undefined) return [];
    const excesses = called.file.jobs.flatMap((nested) =>
      excessOf(grantOf(nested, called, allowed), allowed).map(
        (excess) =>
          `${tree.path}: job "${job.id}": the nested job "${nested.id}" of ${called.path} asks for "${excess}", which its caller does not have`,
      ),
    );
    return [...excesses, ...permissionErrors(called, allowed)];
  });
}
