/** An expression of the part of CEL that attribute mappings and conditions are made of. */
export type Expression =
  | { readonly kind: 'literal'; readonly value: string | number | boolean }
  | { readonly kind: 'list'; readonly items: readonly Expression[] }
  | { readonly kind: 'name'; readonly name: string }
  | { readonly kind: 'field'; readonly of: Expression; readonly key: Expression }
  | { readonly kind: 'not'; readonly operand: Expression }
  | {
      readonly kind: 'binary';
      readonly operator: Operator;
      readonly left: Expression;
      readonly right: Expression;
    }
  | {
      readonly kind: 'choice';
      readonly test: Expression;
      readonly whenTrue: Expression;
      readonly whenFalse: Expression;
    }
  | { readonly kind: 'has'; readonly field: Extract<Expression, { kind: 'field' }> }
  | {
      readonly kind: 'method';
      readonly of: Expression;
      readonly name: string;
      readonly arguments: readonly Expression[];
    };

export type Operator = '||' | '&&' | '==' | '!=' | '<' | '<=' | '>' | '>=' | 'in' | '+';

/** Why an expression cannot be read, or has no value. */
export class CelError extends Error {
  override readonly name = 'CelError';
}
