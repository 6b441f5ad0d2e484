import { evaluate, type Scope, textOf } from './expressions.ts';
import { isRecord, type Json, type JsonRecord } from './json.ts';

/** A value of a workflow file in which expressions are not evaluated yet. */
export type Template =
  | { readonly kind: 'value'; readonly value: string | number | boolean | undefined }
  | { readonly kind: 'expression'; readonly expression: string }
  | { readonly kind: 'list'; readonly items: readonly Template[] }
  | { readonly kind: 'map'; readonly entries: readonly (readonly [Template, Template])[] };

/** The template with every expression evaluated. */
export function fill(template: Template, scope: Scope): Json {
  switch (template.kind) {
    case 'value':
      return template.value;
    case 'expression':
      return evaluate(template.expression, scope);
    case 'list':
      return template.items.map((item) => fill(item, scope));
    case 'map':
      return Object.fromEntries(
        template.entries.map(([key, value]) => [fillText(key, scope), fill(value, scope)]),
      );
  }
}

/** As text; an absent template is the empty text. */
export function fillText(template: Template | undefined, scope: Scope): string {
  return template === undefined ? '' : textOf(fill(template, scope));
}

/** As a record of text, such as `env` or `with`; an absent template has no entries. */
export function fillTexts(template: Template | undefined, scope: Scope): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(fillRecord(template, scope)).map(([key, value]) => [key, textOf(value)]),
  );
}

export function fillRecord(template: Template | undefined, scope: Scope): JsonRecord {
  const value = template === undefined ? undefined : fill(template, scope);
  return value !== undefined && isRecord(value) ? value : {};
}

/** The members of a mapping by their literal keys; nothing for anything else. */
export function membersOf(template: Template | undefined): Readonly<Record<string, Template>> {
  if (template?.kind !== 'map') return {};
  return Object.fromEntries(
    template.entries.flatMap(([key, value]) => (key.kind === 'value' ? [[String(key.value), value]] : [])),
  );
}

/** A literal as text; nothing for an expression or a collection. */
export function literal(template: Template | undefined): string | undefined {
  return template?.kind === 'value' && template.value !== undefined ? String(template.value) : undefined;
}

/** A literal or a list of literals as a list. */
export function literals(template: Template | undefined): readonly string[] {
  const items = template?.kind === 'list' ? template.items : template === undefined ? [] : [template];
  return items.flatMap((item) => literal(item) ?? []);
}
