import { createContext, Script } from 'node:vm';

import { isRecord } from '../../messages/index.ts';
import { CelError } from './cel-error.ts';

/** Far beyond what any expression needs that ends, even where the machine is busy. */
const LONGEST_MS = 500;

const CALL = new Script('run()');

/**
 * What the function returns. Throws a CelError when it takes too long: a regular expression that goes back for ever, or macros within one another, would hold up every
 * other caller of the cloud.
 */
export function withinTime<T>(run: () => T): T {
  try {
    return CALL.runInContext(createContext({ run }), { timeout: LONGEST_MS }) as T;
  } catch (thrown) {
    if (!isTimeout(thrown)) throw thrown;
    throw new CelError(`the evaluation takes longer than ${LONGEST_MS} ms`, { cause: thrown });
  }
}

function isTimeout(thrown: unknown): boolean {
  return isRecord(thrown) && thrown['code'] === 'ERR_SCRIPT_EXECUTION_TIMEOUT';
}
