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
}

export const FULL: Sizes = {
  starts: 7,
  operations: 50_000,
  requests: 3_000,
  seconds: 4,
  services: 1_000,
  revisionsPerService: 10,
};

/** Shows that the measurements run, and nothing of how fast anything is. */
export const TINY: Sizes = {
  starts: 1,
  operations: 50,
  requests: 10,
  seconds: 1,
  services: 3,
  revisionsPerService: 2,
};
