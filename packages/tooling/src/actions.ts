import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'yaml';

/** The root of the repository. */
export const root = join(import.meta.dirname, '../../..');

/** What the docs and the build need to know of an action.yml or of a workflow's `workflow_call`. */
export interface Interface {
  readonly name: string;
  readonly description: string;
  readonly inputs: readonly Field[];
  readonly secrets: readonly Field[];
  readonly outputs: readonly Field[];
}

export interface Field {
  readonly name: string;
  readonly description: string;
  readonly required: boolean;
  readonly default?: string;
}

/** Names of the actions, sorted: every folder of `actions/` that has an action.yml. */
export async function actionNames(folder = root): Promise<readonly string[]> {
  const found = await readdir(join(folder, 'actions'), { recursive: false, withFileTypes: true });
  const names = await Promise.all(
    found
      .filter((entry) => entry.isDirectory())
      .map(async ({ name }) => [name, await readdir(join(folder, 'actions', name))] as const),
  );
  return names
    .filter(([, files]) => files.includes('action.yml'))
    .map(([name]) => name)
    .sort();
}

/** Reads an action.yml; throws when an input or output has no description. */
export async function readAction(folder: string): Promise<Interface> {
  const file = join(folder, 'action.yml');
  return interfaceOf(record(parse(await readFile(file, 'utf8'))), file);
}

/** Reads a workflow's `on.workflow_call`; throws when an input, secret or output has no description. */
export async function readWorkflow(file: string): Promise<Interface> {
  const workflow = record(parse(await readFile(file, 'utf8')));
  const call = record(record(workflow['on'])['workflow_call']);
  return interfaceOf({ name: workflow['name'], description: workflow['name'], ...call }, file);
}

function interfaceOf(source: Readonly<Record<string, unknown>>, file: string): Interface {
  return {
    name: text(source['name']),
    description: text(source['description']),
    inputs: fields(source['inputs'], `${file}: input`),
    secrets: fields(source['secrets'], `${file}: secret`),
    outputs: fields(source['outputs'], `${file}: output`),
  };
}

function fields(source: unknown, where: string): readonly Field[] {
  return Object.entries(record(source)).map(([name, value]) => {
    const field = record(value);
    const description = text(field['description']).trim();
    if (description === '') throw new Error(`${where} "${name}" is missing a description`);
    const fallback = field['default'];
    return {
      name,
      description,
      required: field['required'] === true,
      ...(fallback === undefined || fallback === '' ? {} : { default: text(fallback) }),
    };
  });
}

function record(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : {};
}

function text(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
    ? String(value)
    : '';
}
