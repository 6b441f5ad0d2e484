import { Environment, ParseError } from '@marcbachmann/cel-js';

import { isRecord } from '../../messages/index.ts';
import { CelError } from './cel-error.ts';
import { extract } from './extract.ts';
import { celValueOf, plainValueOf } from './values.ts';
import { withinTime } from './within-time.ts';

/** Values by the names that an expression may use. */
export type Variables = Readonly<Record<string, unknown>>;

/** The value of an expression. Throws a CelError for a field that is not there, for values of the wrong type and when it takes too long. */
export type Expression = (variables: Variables) => unknown;

const LANGUAGE = new Environment({ homogeneousAggregateLiterals: false }).registerFunction(
  'string.extract(string): string',
  extract,
  { async: false },
);

// The library has a constant of this name, which no variable can replace, but a name that is bound can.
const TAKEN = 'google';
const STAND_IN = 'googleAttributes';

export function expressionOf(text: string, names: readonly string[]): Expression {
  const language = names
    .map((name) => (name === TAKEN ? STAND_IN : name))
    .reduce((so, name) => so.registerVariable(name, 'map'), LANGUAGE.clone());
  const parsed = orCelError(() => {
    const { ast } = language.parse(text);
    const bound = usesTaken(ast);
    if (bound && !names.includes(TAKEN)) throw new CelError(`undeclared reference to "${TAKEN}"`);
    // What is an expression by itself is one within the binding, too; the line ends a comment.
    const whole = language.parse(bound ? `cel.bind(${TAKEN}, ${STAND_IN}, ${text}\n)` : text);
    const { error } = whole.check();
    if (error !== undefined) throw error;
    return whole;
  });
  return ({ [TAKEN]: taken, ...variables }) =>
    orCelError(() => {
      const values = celValueOf({ ...variables, [STAND_IN]: taken ?? {} }) as object;
      return withinTime(() => plainValueOf(parsed(values)));
    });
}

function usesTaken(node: unknown): boolean {
  if (Array.isArray(node)) return node.some(usesTaken);
  if (!isRecord(node)) return false;
  return (node['op'] === 'id' && node['args'] === TAKEN) || usesTaken(node['args']);
}

/** Whatever an expression makes the library throw is the fault of the expression: a stack that is too deep, JSON that is none, a time zone that is not there. */
function orCelError<T>(run: () => T): T {
  try {
    return run();
  } catch (thrown) {
    if (thrown instanceof CelError) throw thrown;
    throw new CelError(complaintOf(thrown), { cause: thrown });
  }
}

function complaintOf(thrown: unknown): string {
  if (!(thrown instanceof Error)) return String(thrown);
  // The lines below the first one show the place in the text.
  const [complaint = ''] = thrown.message.split('\n');
  if (thrown instanceof ParseError && thrown.range !== undefined)
    return `${complaint} at position ${thrown.range.start + 1}`;
  return complaint.replace(/^Unknown variable: (.*)$/s, 'undeclared reference to "$1"');
}
