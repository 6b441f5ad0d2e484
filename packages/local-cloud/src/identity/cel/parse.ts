/** Values by the names that an expression may use. */
export type Variables = Readonly<Record<string, unknown>>;

/** The value of an expression. Throws a CelError for a field that is not there and for values of the wrong type. */
export type Expression = (variables: Variables) => unknown;

/**
 * Parses an expression of CEL that may use these names. Throws a CelError with the place for what is none, and for names and functions that are not
 * there. The library is loaded by the first one, as a start that has no provider does without.
 */
export async function parseCel(text: string, names: readonly string[]): Promise<Expression> {
  const { expressionOf } = await import('./expression.ts');
  return expressionOf(text, names);
}
