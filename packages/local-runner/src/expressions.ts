import { data, Evaluator, Lexer, Parser } from '@actions/expressions';
import type { FunctionDefinition } from '@actions/expressions/funcs/info';

import { hashFiles } from './hash-files.ts';
import { isList, type Json, type JsonRecord } from './json.ts';

/** What `success()`, `failure()` and `cancelled()` answer; `ids` are the jobs named, none for all. */
export interface Status {
  readonly success: (ids: readonly string[]) => boolean;
  readonly failure: (ids: readonly string[]) => boolean;
  readonly cancelled: () => boolean;
}

/** All that an expression can see. Contexts that are not given are null, as on GitHub. */
export interface Scope {
  readonly contexts: JsonRecord;
  readonly status?: Status;
  /** Where `hashFiles` looks; without it the function does not exist. */
  readonly workspace?: string;
}

const CONTEXTS = 'github env vars secrets inputs matrix needs steps job runner strategy jobs'.split(' ');

/** The value of an expression, given without `${{ }}`. Throws with the engine's message when it cannot be evaluated. */
export function evaluate(expression: string, scope: Scope): Json {
  if (expression.trim() === '') return undefined;
  const functions = functionsOf(scope);
  const names = [...new Set([...CONTEXTS, ...Object.keys(scope.contexts)])];
  const tree = new Parser(new Lexer(expression).lex().tokens, names, functions).parse();
  const contexts = new data.Dictionary(...names.map((key) => ({ key, value: dataOf(scope.contexts[key]) })));
  const byName = new Map(functions.map((each) => [each.name.toLowerCase(), each]));
  return jsonOfData(new Evaluator(tree, contexts, byName).evaluate());
}

/** Whether a condition holds: false, 0, the empty string and null do not. */
export function holds(condition: string, scope: Scope): boolean {
  const value = evaluate(condition, scope);
  return value !== '' && !Number.isNaN(value) && Boolean(value);
}

/** A value as the expression language writes it into text. */
export function textOf(value: Json): string {
  return dataOf(value).coerceString();
}

function functionsOf({ status, workspace }: Scope): FunctionDefinition[] {
  const functions: FunctionDefinition[] = [];
  if (status !== undefined) functions.push(...statusFunctions(status));
  if (workspace !== undefined) {
    functions.push(named('hashFiles', (patterns) => new data.StringData(hashFiles(workspace, patterns))));
  }
  return functions;
}

function statusFunctions(status: Status): FunctionDefinition[] {
  return [
    named('always', () => new data.BooleanData(true)),
    named('success', (ids) => new data.BooleanData(status.success(ids))),
    named('failure', (ids) => new data.BooleanData(status.failure(ids))),
    named('cancelled', () => new data.BooleanData(status.cancelled())),
  ];
}

function named(name: string, call: (words: readonly string[]) => data.ExpressionData): FunctionDefinition {
  return {
    name,
    minArgs: 0,
    maxArgs: 255,
    call: (...values) => call(values.map((value) => value.coerceString())),
  };
}

function dataOf(value: Json): data.ExpressionData {
  if (value === undefined) return new data.Null();
  if (typeof value === 'string') return new data.StringData(value);
  if (typeof value === 'number') return new data.NumberData(value);
  if (typeof value === 'boolean') return new data.BooleanData(value);
  if (isList(value)) return new data.Array(...value.map(dataOf));
  return new data.Dictionary(
    ...Object.entries(value).map(([key, member]) => ({ key, value: dataOf(member) })),
  );
}

function jsonOfData(value: data.ExpressionData): Json {
  if (value instanceof data.Array) return value.values().map(jsonOfData);
  if (value instanceof data.Dictionary) {
    return Object.fromEntries(value.pairs().map((pair) => [pair.key, jsonOfData(pair.value)]));
  }
  return value instanceof data.Null ? undefined : value.value;
}
