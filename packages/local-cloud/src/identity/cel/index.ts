export { CelError } from './cel-error.ts';
export type { Variables } from './expression.ts';
export { parseCel } from './parse.ts';
