import { type Scope, textOf } from './expressions.ts';
import { WorkflowError } from './failure.ts';
import { type Json, type JsonRecord, shown } from './json.ts';
import { fill, fillRecord, fillTexts, literal } from './template.ts';
import type { CallWork, InputDefinition, WorkflowFile } from './workflow-file.ts';
import type { WorkflowTree } from './workflow-tree.ts';

/** The inputs of a called workflow, of the types that it declares; throws when a value does not fit. */
export function inputsOfCall(work: CallWork, tree: WorkflowTree, scope: Scope): JsonRecord {
  const given = fillRecord(work.with, scope);
  return inputsFrom(tree.file.call?.inputs ?? {}, given, scope);
}

/** The inputs of a manual run: text becomes what the workflow declares. */
export function inputsOfDispatch(file: WorkflowFile, given: JsonRecord, scope: Scope): JsonRecord {
  const typed = Object.fromEntries(
    Object.entries(given).map(([name, value]) => [name, typedText(value, file.dispatchInputs[name])]),
  );
  return inputsFrom(file.dispatchInputs, typed, scope);
}

/** The secrets that a called workflow sees; its token always among them. */
export function secretsOfCall(
  work: CallWork,
  secrets: Readonly<Record<string, string>>,
  scope: Scope,
): Readonly<Record<string, string>> {
  if (literal(work.secrets) === 'inherit') return secrets;
  return fillTexts(work.secrets, scope);
}

function inputsFrom(
  definitions: Readonly<Record<string, InputDefinition>>,
  given: JsonRecord,
  scope: Scope,
): JsonRecord {
  return Object.fromEntries(
    Object.entries(definitions).map(([name, definition]) => [
      name,
      valueOf(name, definition, { given, scope }),
    ]),
  );
}

interface Given {
  readonly given: JsonRecord;
  readonly scope: Scope;
}

function valueOf(name: string, definition: InputDefinition, { given, scope }: Given): Json {
  const value =
    given[name] ?? (definition.default === undefined ? undefined : fill(definition.default, scope));
  if (value === undefined) return { boolean: false, number: 0 }[definition.type] ?? '';
  if (definition.type === 'choice' && !definition.options.includes(textOf(value))) {
    throw new WorkflowError(
      `input "${name}" must be one of ${definition.options.join(', ')}, got "${textOf(value)}"`,
    );
  }
  if (definition.type !== 'boolean' && definition.type !== 'number') return textOf(value);
  if (typeof value !== definition.type) {
    throw new WorkflowError(
      `input "${name}" must be a ${definition.type}, got the ${typeof value} ${shown(value)}`,
    );
  }
  return value;
}

function typedText(value: Json, definition: InputDefinition | undefined): Json {
  if (typeof value !== 'string') return value;
  if (definition?.type === 'boolean') return value === 'true';
  if (definition?.type === 'number') return Number(value);
  return value === '' ? undefined : value;
}
