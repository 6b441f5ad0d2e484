import type { LatencyHistogram } from '../data-plane.ts';

/** A time series, its points oldest first. */
export interface Series {
  readonly metric: Labelled;
  readonly resource: Labelled;
  readonly kind: 'DELTA' | 'GAUGE';
  readonly points: readonly Point[];
}

interface Labelled {
  readonly type: string;
  readonly labels: Readonly<Record<string, string>>;
}

/** What holds for the time after `startMs` up to `endMs`. */
export interface Point {
  readonly startMs: number;
  readonly endMs: number;
  readonly value: Value;
}

export type Value =
  | { readonly type: 'INT64'; readonly number: number }
  | { readonly type: 'DOUBLE'; readonly number: number }
  | { readonly type: 'DISTRIBUTION'; readonly histogram: LatencyHistogram };

export type ValueType = Value['type'];
