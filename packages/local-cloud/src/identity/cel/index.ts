export { CelError } from './cel-error.ts';
export { parseCel, type Variables } from './parse.ts';
