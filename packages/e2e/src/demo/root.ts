import { join } from 'node:path';

/** The root of the repository. */
export const root = join(import.meta.dirname, '../../../..');

/** Everything that the demo writes stands below `.fairlead` in the checkout, or below what FAIRLEAD_FOLDER names instead. */
export const workFolder = join(process.env['FAIRLEAD_FOLDER'] ?? join(root, '.fairlead'), 'demo');
