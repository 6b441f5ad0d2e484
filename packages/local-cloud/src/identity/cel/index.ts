export { evaluate, type Variables } from './evaluate.ts';
export { CelError, type Expression } from './expression.ts';
export { parseCel } from './parse.ts';
