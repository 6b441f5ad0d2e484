import type { LatencyHistogram } from '../data-plane.ts';

/** google.api.Distribution; the deviation is estimated from the buckets, as nothing keeps the single values. */
export function distributionView(histogram: LatencyHistogram): object {
  const { boundsMs, counts, sumMs } = histogram;
  const count = countIn(histogram);
  const mean = count === 0 ? 0 : sumMs / count;
  const squares = counts.map((many, bucket) => many * (middleOf(boundsMs, bucket) - mean) ** 2);
  return {
    count: String(count),
    mean,
    sumOfSquaredDeviation: squares.reduce((sum, square) => sum + square, 0),
    bucketOptions: { explicitBuckets: { bounds: boundsMs } },
    bucketCounts: counts.map(String),
  };
}

/** The sum of histograms with the same bounds. */
export function merged(histograms: readonly LatencyHistogram[]): LatencyHistogram {
  const [{ boundsMs } = { boundsMs: [] }] = histograms;
  const counts = [...boundsMs, Infinity].map((_, bucket) =>
    histograms.reduce((sum, { counts }) => sum + (counts[bucket] ?? 0), 0),
  );
  return { boundsMs, counts, sumMs: histograms.reduce((sum, { sumMs }) => sum + sumMs, 0) };
}

/** Interpolated within its bucket; in the last bucket, which has no end, its beginning. Undefined when there is no value. */
export function percentileOf(histogram: LatencyHistogram, percent: number): number | undefined {
  const { boundsMs, counts } = histogram;
  const wanted = (countIn(histogram) * percent) / 100;
  let below = 0;
  for (const [bucket, count] of counts.entries()) {
    if (count > 0 && below + count >= wanted) {
      const low = boundsMs[bucket - 1] ?? 0;
      const high = boundsMs[bucket] ?? low;
      return low + (high - low) * ((wanted - below) / count);
    }
    below += count;
  }
  return undefined;
}

export function meanOf(histogram: LatencyHistogram): number | undefined {
  const count = countIn(histogram);
  return count === 0 ? undefined : histogram.sumMs / count;
}

function countIn({ counts }: LatencyHistogram): number {
  return counts.reduce((sum, count) => sum + count, 0);
}

function middleOf(boundsMs: readonly number[], bucket: number): number {
  const low = boundsMs[bucket - 1] ?? 0;
  return (low + (boundsMs[bucket] ?? low)) / 2;
}
