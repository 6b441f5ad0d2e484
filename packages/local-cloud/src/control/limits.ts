/** How much of each thing there may be (reference 3.10); beyond it, things are refused or the oldest are collected. */
export interface Limits {
  /** Per project and region; a further one is refused. */
  readonly services: number;
  readonly jobs: number;
  /** Per service; the oldest that serve nothing are deleted for a new one. */
  readonly revisions: number;
  /** Per project and region; the oldest without a share are taken from the service that adds one. */
  readonly tags: number;
  /** Running at the same time, per project and region; a further one is refused. */
  readonly runningExecutions: number;
  /** Completed ones that are kept per job; the oldest are deleted. */
  readonly completedExecutions: number;
  /** Thousandths of a CPU that one revision may take at its most instances. */
  readonly cpuMillis: number;
}

/** Those of Cloud Run. CPU is a matter of each project's grant, so there is none unless told. */
export const CLOUD_RUN_LIMITS: Limits = {
  services: 1000,
  jobs: 1000,
  revisions: 1000,
  tags: 2000,
  runningExecutions: 1000,
  completedExecutions: 1000,
  cpuMillis: Number.POSITIVE_INFINITY,
};
