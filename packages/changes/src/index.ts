export type { Graph, Since } from './graph.ts';
export { type ChangePlan, planChanges, type UnitChange } from './plan-changes.ts';
export { describeReason, type Reason } from './reason.ts';
