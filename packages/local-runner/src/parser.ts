import * as module from 'node:module';

import type { TemplateParseResult } from '@actions/workflow-parser';
import type { KeyValuePair, TemplateToken } from '@actions/workflow-parser/templates/tokens/index';

import { WorkflowError } from './failure.ts';
import type { Template } from './template.ts';

export interface SourceFile {
  /** How messages call the file. */
  readonly name: string;
  readonly text: string;
}

// The parser imports its schemas as JSON without saying so, which node refuses (it is written for bundlers). Jest
// takes it as it is, and no hooks.
if (!('jest' in import.meta)) {
  module.registerHooks({
    load: (url, context, next) =>
      next(
        url,
        /workflow-parser.*\.json$/.test(url) ? { ...context, importAttributes: { type: 'json' } } : context,
      ),
  });
}
const {
  convertWorkflowTemplate,
  isBasicExpression,
  isLiteral,
  isMapping,
  isScalar,
  isSequence,
  parseWorkflow,
} = await import('@actions/workflow-parser');
const { parseAction } = await import('@actions/workflow-parser/actions/index');
const { ensureStatusFunction } = await import('@actions/workflow-parser/model/converter/if-condition');

const NO_TRACE = { error: nothing, info: nothing, verbose: nothing };

/** The checked content of a workflow file; throws a `WorkflowError` with all its errors. */
export async function parseWorkflowText(file: SourceFile): Promise<Template> {
  const parsed = parseWorkflow({ name: file.name, content: file.text }, NO_TRACE);
  if (parsed.value !== undefined) await convertWorkflowTemplate(parsed.context, parsed.value);
  return checked(file, parsed);
}

/** The checked content of an action.yml; throws a `WorkflowError` with all its errors. */
export function parseActionText(file: SourceFile): Template {
  return checked(file, parseAction({ name: file.name, content: file.text }, NO_TRACE));
}

function checked(file: SourceFile, { context, value }: TemplateParseResult): Template {
  const errors = context.errors.getErrors().map((error) => {
    const start = error.range?.start;
    return start === undefined
      ? `${file.name}: ${error.rawMessage}`
      : `${file.name}:${start.line}:${start.column}: ${error.rawMessage}`;
  });
  if (errors.length > 0) throw new WorkflowError([...new Set(errors)].join('\n'));
  if (value === undefined) throw new WorkflowError(`${file.name}: the file is empty`);
  return templateOf(value);
}

function templateOf(token: TemplateToken): Template {
  return isCondition(token) ? { kind: 'expression', expression: conditionOf(token) } : plainTemplateOf(token);
}

function plainTemplateOf(token: TemplateToken): Template {
  if (isBasicExpression(token)) return { kind: 'expression', expression: token.expression };
  if (isSequence(token)) return { kind: 'list', items: [...token].map(templateOf) };
  if (isMapping(token)) return { kind: 'map', entries: [...token].map(entryOf) };
  return { kind: 'value', value: literalOf(token) };
}

// The parser gives a key the definition of its value.
function entryOf({ key, value }: KeyValuePair): readonly [Template, Template] {
  return [plainTemplateOf(key), templateOf(value)];
}

// `if` is an expression with or without its braces, and asks for success() unless it asks for a status itself.
function isCondition(token: TemplateToken): boolean {
  return isScalar(token) && ['job-if', 'step-if'].includes(token.definition?.key ?? '');
}

function conditionOf(token: TemplateToken): string {
  const text = isBasicExpression(token) ? token.expression : String(literalOf(token) ?? '').trim();
  return text === '' ? 'success()' : ensureStatusFunction(text, token.definitionInfo);
}

function literalOf(token: TemplateToken): string | number | boolean | undefined {
  if (!isLiteral(token)) return undefined;
  const value: unknown = 'value' in token ? token.value : undefined;
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
    ? value
    : undefined;
}

function nothing(): void {
  // The reader's trace is of no use to anyone who runs a workflow.
}
