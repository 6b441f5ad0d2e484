/**
 * Microseconds since the epoch, never the same twice and never backwards: one clock makes update times, etags and
 * (in v1) resource versions, so that two writers always see each other.
 */
export type MicroClock = () => number;

/** Goes on after `last`, which a clock of an earlier run has given out. */
export function microClock(nowMs: () => number, last = 0): MicroClock {
  return () => {
    last = Math.max(last + 1, Math.round(nowMs() * 1000));
    return last;
  };
}

/** RFC 3339 with six digits, as the API writes its timestamps. */
export function timestamp(micros: number): string {
  const seconds = new Date(Math.floor(micros / 1_000_000) * 1000).toISOString().slice(0, 19);
  return `${seconds}.${String(micros % 1_000_000).padStart(6, '0')}Z`;
}

/** Seconds of a proto duration such as `300s` or `1.5s`. */
export function durationSeconds(text: string): number {
  return Number(text.slice(0, -1));
}
