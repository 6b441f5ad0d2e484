export { command, gcloudShift, type GcloudTarget, where } from './gcloud.ts';
export { driftOf, formatJournal, type Journal, JOURNAL_ANNOTATION, journalOf } from './journal.ts';
export { inShiftOrder, parseRelease, parseReleases } from './parse-release.ts';
export { planRollback, type RollbackPlan } from './plan-rollback.ts';
export type { KnownRevision, RollbackFacts } from './rollback-facts.ts';
export { planShift, type ShiftPlan } from './plan-shift.ts';
export { type Candidate, type LiveTraffic, planStage, type StagePlan } from './plan-stage.ts';
export { recordReturn, recordShift, type ShiftRecord } from './record.ts';
export { RolloutError, type RolloutErrorCode } from './rollout-error.ts';
export type { StagedUnit } from './staged.ts';
export { parseSteps } from './steps.ts';
export {
  describeShares,
  isSameSplit,
  isSameTraffic,
  percentOf,
  type Share,
  type Tag,
  targetsOf,
  type Traffic,
  trafficOf,
  type TrafficTarget,
} from './traffic.ts';
