import { join } from 'node:path';

/** The root of the repository. */
export const root = join(import.meta.dirname, '../../../..');

/** Everything that the demo writes stands below this folder. */
export const workFolder = join(root, '.fairlead/demo');
