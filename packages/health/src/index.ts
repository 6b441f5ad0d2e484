export { excerpt, redacted } from './excerpt.ts';
export { judgeProbe } from './judge-probe.ts';
export { judgeSmoke, type SmokeExpectation } from './judge-smoke.ts';
export type { HealthExpectation, ProbeAnswer, ProbeVerdict } from './probe.ts';
export {
  exhausted,
  lookedAt,
  noLooks,
  overall,
  type Patience,
  settled,
  type Streak,
  type Verdict,
} from './streak.ts';
