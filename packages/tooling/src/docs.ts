// Writes the generated parts of the documents, or with --check names those that are out of date.
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { manifestJsonSchema } from '@fairlead/manifest';
import * as prettier from 'prettier';

import { actionNames, type Field, readAction, readWorkflow, root } from './actions.ts';
import { fillMarkers, hasMarkers, markdownTable } from './markers.ts';

interface Document {
  readonly file: string;
  readonly text: string;
}

const documents = [...(await actionReadmes()), ...(await workflowReadmes()), await rootReadme(), schema()];
const stale = await staleOf(documents);
if (!process.argv.includes('--check')) {
  await Promise.all(stale.map(({ file, text }) => writeFile(file, text)));
  console.log(
    stale.length === 0
      ? 'all documents are up to date'
      : stale.map(({ file }) => `wrote ${named(file)}`).join('\n'),
  );
} else if (stale.length > 0) {
  console.error(stale.map(({ file }) => `${named(file)} is out of date: run npm run docs`).join('\n'));
  process.exitCode = 1;
}

async function actionReadmes(): Promise<readonly Document[]> {
  return Promise.all(
    (await actionNames()).map(async (name) => {
      const { inputs, outputs } = await readAction(join(root, 'actions', name));
      return filled(join(root, 'actions', name, 'README.md'), {
        inputs: inputTable(inputs),
        outputs: outputTable(outputs),
      });
    }),
  );
}

async function workflowReadmes(): Promise<readonly Document[]> {
  const names = await readdir(join(root, 'workflows')).catch(() => []);
  return Promise.all(
    names.map(async (name) => {
      const call = await readWorkflow(join(root, '.github/workflows', `${name}.yml`));
      return filled(join(root, 'workflows', name, 'README.md'), {
        inputs: inputTable(call.inputs),
        secrets: inputTable(call.secrets),
        outputs: outputTable(call.outputs),
      });
    }),
  );
}

async function rootReadme(): Promise<Document> {
  const actions = await Promise.all(
    (await actionNames()).map(async (name) => {
      const { description } = await readAction(join(root, 'actions', name));
      return [`[\`${name}\`](actions/${name}/README.md)`, description] as const;
    }),
  );
  return filled(join(root, 'README.md'), { actions: markdownTable(['action', 'what it does'], actions) });
}

function schema(): Document {
  return {
    file: join(root, 'schema/fairlead.schema.json'),
    text: `${JSON.stringify(manifestJsonSchema(), undefined, 2)}\n`,
  };
}

async function filled(file: string, parts: Readonly<Record<string, string>>): Promise<Document> {
  const before = await readFile(file, 'utf8');
  const after = Object.entries(parts)
    .filter(([name]) => name !== 'secrets' || hasMarkers(before, name))
    .reduce((text, [name, content]) => within(file, () => fillMarkers(text, name, content)), before);
  return { file, text: await formatted(after, file) };
}

function within<T>(file: string, work: () => T): T {
  try {
    return work();
  } catch (cause) {
    throw new Error(named(file), { cause });
  }
}

async function formatted(text: string, file: string): Promise<string> {
  return prettier.format(text, { ...(await prettier.resolveConfig(file)), filepath: file });
}

async function staleOf(all: readonly Document[]): Promise<readonly Document[]> {
  const current = await Promise.all(all.map(({ file }) => readFile(file, 'utf8').catch(() => '')));
  return all.filter(({ text }, index) => text !== current[index]);
}

function inputTable(fields: readonly Field[]): string {
  if (fields.length === 0) return 'None.';
  return markdownTable(
    ['name', 'what', 'default'],
    fields.map((field) => [`\`${field.name}\``, field.description, defaultOf(field)]),
  );
}

function outputTable(fields: readonly Field[]): string {
  if (fields.length === 0) return 'None.';
  return markdownTable(
    ['name', 'what'],
    fields.map(({ name, description }) => [`\`${name}\``, description]),
  );
}

function defaultOf(field: Field): string {
  if (field.required) return 'required';
  return field.default === undefined ? '' : `\`${field.default}\``;
}

function named(file: string): string {
  return relative(root, file);
}
