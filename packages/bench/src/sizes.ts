/** How much each measurement does. */
export interface Sizes {
  /** Processes started, one after the other. */
  readonly starts: number;
  readonly operations: number;
  /** Requests one after the other, for latencies. */
  readonly requests: number;
  /** Of load, for rates. */
  readonly seconds: number;
  readonly services: number;
  readonly revisionsPerService: number;
  /** From the last write to the look at the memory, so that it is what the store takes and not what its making took. */
  readonly settleMs: number;
}

export const FULL: Sizes = {
  starts: 7,
  operations: 50_000,
  requests: 3_000,
  seconds: 4,
  services: 1_000,
  revisionsPerService: 10,
  settleMs: 12_000,
};

/** Shows that the measurements run, and nothing of how fast anything is. */
export const TINY: Sizes = {
  starts: 1,
  operations: 50,
  requests: 10,
  seconds: 1,
  services: 3,
  revisionsPerService: 2,
  settleMs: 0,
};
