export { buildTemplate, type RevisionIntent } from './build-template.ts';
export { cloudRun, type CloudRun, type CloudRunOptions } from './cloud-run.ts';
export { type Condition, conditionNamed } from './condition.ts';
export type { Execution, Job, Task } from './job.ts';
export type { JobChange, JobWritten, RunOverrides, Started } from './jobs.ts';
export { mergedEnv, type ManagedEnv } from './merged-env.ts';
export { mountedSecrets } from './mounted-secrets.ts';
export { effectiveSharesOf, knownRevision, lastChange, liveTrafficOf } from './live-traffic.ts';
export type { JobName, Location, ServiceName } from './names.ts';
export type { Operation } from './operation.ts';
export { type Readiness, readinessOf, type Revision } from './revision.ts';
export { isSameContent, revisionName } from './revision-name.ts';
export type { Service, TrafficStatus } from './service.ts';
export type { ServiceChange, Written } from './services.ts';
export type { Settled } from './settle.ts';
export type {
  Container,
  EnvVar,
  ExecutionTemplate,
  RevisionTemplate,
  TaskTemplate,
  Volume,
  VolumeMount,
} from './template.ts';
export type { Waited } from './wait-operation.ts';
export { isInEffect, writeTraffic, type TrafficWrite } from './write-traffic.ts';
