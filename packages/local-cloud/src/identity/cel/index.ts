export { evaluate, type Variables } from './evaluate.ts';
export { CelError } from './expression.ts';
export { parseCel } from './parse.ts';
