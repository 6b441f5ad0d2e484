export { executionName, executionToken, type MigrationRun } from './execution-key.ts';
export type { Condition, ExecutionFacts, ExecutionVerdict, TaskAttempt } from './execution.ts';
export { judgeExecution } from './judge-execution.ts';
export { MigrationError } from './migration-error.ts';
export { type MigrationPlan, planMigration } from './plan-migration.ts';
