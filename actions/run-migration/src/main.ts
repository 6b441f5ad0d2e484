import { runAction } from '@fairlead/action-kit';
import { runMigration } from './run-migration.ts';

await runAction(runMigration);
