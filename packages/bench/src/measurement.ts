/** What was found, beside what it is to be compared with: a floor or a peer that was measured in the same run. */
export interface Measurement {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  readonly peer: { readonly what: string; readonly value: number };
  /** The value over the peer's. */
  readonly ratio: number;
  /** What is to be reached; absent where nothing was promised. */
  readonly reach?: Reach;
  readonly met?: boolean;
}

/** `Infinity` and `0` promise nothing. */
export type Reach = { readonly atMost: number } | { readonly atLeast: number };

export interface Found {
  readonly name: string;
  readonly unit: string;
  readonly value: number;
  readonly peer: { readonly what: string; readonly value: number };
  readonly reach?: Reach;
}

export function measurement({ name, unit, value, peer, reach }: Found): Measurement {
  return {
    name,
    value: rounded(value),
    unit,
    peer: { what: peer.what, value: rounded(peer.value) },
    ratio: rounded(value / peer.value),
    ...(reach === undefined ? {} : { reach, met: isMet(value, reach) }),
  };
}

function isMet(value: number, reach: Reach): boolean {
  return 'atMost' in reach ? value <= reach.atMost : value >= reach.atLeast;
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

function rounded(value: number): number {
  return Number(value.toPrecision(4));
}
