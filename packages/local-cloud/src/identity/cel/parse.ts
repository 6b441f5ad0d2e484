import type { Expression } from './expression.ts';

/**
 * Parses an expression of CEL that may use these names. Throws a CelError with the place for what is none, and for names and functions that are not
 * there. The library is loaded by the first one, as a start that has no provider does without.
 */
export async function parseCel(text: string, names: readonly string[]): Promise<Expression> {
  const { expressionOf } = await import('./expression.ts');
  return expressionOf(text, names);
}
