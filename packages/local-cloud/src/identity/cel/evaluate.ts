import { CelError, type Expression, type Operator } from './expression.ts';

/** Values by the names that an expression may use. */
export type Variables = Readonly<Record<string, unknown>>;

/** The value of an expression. Throws a CelError for a field that is not there and for values of the wrong type. */
export function evaluate(expression: Expression, variables: Variables): unknown {
  const value = (of: Expression) => evaluate(of, variables);
  switch (expression.kind) {
    case 'literal':
      return expression.value;
    case 'list':
      return expression.items.map(value);
    case 'name':
      return fieldOf(variables, expression.name, 'undeclared reference to');
    case 'field':
      return fieldOf(value(expression.of), value(expression.key), 'no such key:');
    case 'not':
      return !truth(value(expression.operand));
    case 'choice':
      return value(truth(value(expression.test)) ? expression.whenTrue : expression.whenFalse);
    case 'has':
      return holdsField(value(expression.field.of), value(expression.field.key));
    case 'method':
      return method(expression.name, value(expression.of), expression.arguments.map(value));
    case 'binary':
      return binary(expression, variables);
  }
}

function binary(
  { operator, left, right }: Extract<Expression, { kind: 'binary' }>,
  variables: Variables,
): unknown {
  if (operator === '&&' || operator === '||') return logic(operator, [left, right], variables);
  const [a, b] = [evaluate(left, variables), evaluate(right, variables)];
  switch (operator) {
    case '==':
      return isEqual(a, b);
    case '!=':
      return !isEqual(a, b);
    case 'in':
      return isIn(a, b);
    case '+':
      return sum(a, b);
    default:
      return compare(operator, a, b);
  }
}

/** As in CEL, what one side decides stands even when the other has no value: `false && error` is false, `true || error` true. */
function logic(
  operator: '&&' | '||',
  sides: readonly [Expression, Expression],
  variables: Variables,
): boolean {
  const decisive = operator === '||';
  const outcomes = sides.map((side): boolean | CelError => {
    try {
      return truth(evaluate(side, variables));
    } catch (thrown) {
      if (thrown instanceof CelError) return thrown;
      throw thrown;
    }
  });
  if (outcomes.includes(decisive)) return decisive;
  const failed = outcomes.find((outcome) => outcome instanceof CelError);
  if (failed instanceof CelError) throw failed;
  return !decisive;
}

function compare(
  operator: Exclude<Operator, '&&' | '||' | '==' | '!=' | 'in' | '+'>,
  a: unknown,
  b: unknown,
): boolean {
  if (!((typeof a === 'string' && typeof b === 'string') || (typeof a === 'number' && typeof b === 'number')))
    throw new CelError(`no such overload: ${operator}`);
  switch (operator) {
    case '<':
      return a < b;
    case '<=':
      return a <= b;
    case '>':
      return a > b;
    case '>=':
      return a >= b;
  }
}

function sum(a: unknown, b: unknown): unknown {
  if (typeof a === 'string' && typeof b === 'string') return a + b;
  if (typeof a === 'number' && typeof b === 'number') return a + b;
  throw new CelError('no such overload: +');
}

function isEqual(a: unknown, b: unknown): boolean {
  return a === b || JSON.stringify(a) === JSON.stringify(b);
}

function isIn(item: unknown, holder: unknown): boolean {
  if (Array.isArray(holder)) return holder.some((one) => isEqual(one, item));
  return holdsField(holder, item);
}

function method(name: string, of: unknown, args: readonly unknown[]): unknown {
  const known = METHODS[name];
  if (known === undefined) throw new CelError(`undeclared reference to "${name}"`);
  const [first] = args;
  if (typeof of !== 'string' || typeof first !== 'string' || args.length !== 1)
    throw new CelError(`no such overload: ${name}`);
  return known(of, first);
}

const METHODS: Readonly<Record<string, (text: string, part: string) => boolean>> = {
  startsWith: (text, part) => text.startsWith(part),
  endsWith: (text, part) => text.endsWith(part),
  contains: (text, part) => text.includes(part),
  matches: (text, part) => regex(part).test(text),
};

function regex(source: string): RegExp {
  try {
    return new RegExp(source, 'u');
  } catch {
    throw new CelError(`"${source}" is no regular expression`);
  }
}

function truth(value: unknown): boolean {
  if (typeof value === 'boolean') return value;
  throw new CelError('expected a bool');
}

function holdsField(holder: unknown, key: unknown): boolean {
  return (
    typeof holder === 'object' && holder !== null && typeof key === 'string' && Object.hasOwn(holder, key)
  );
}

function fieldOf(holder: unknown, key: unknown, complaint: string): unknown {
  if (Array.isArray(holder) && typeof key === 'number' && key in holder) return holder[key];
  if (holdsField(holder, key)) return (holder as Readonly<Record<string, unknown>>)[String(key)];
  throw new CelError(`${complaint} "${String(key)}"`);
}
