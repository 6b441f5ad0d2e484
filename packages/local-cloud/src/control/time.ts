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

const RFC_3339 = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?(Z|[+-]\d\d:\d\d)$/;

/** Microseconds of an RFC 3339 timestamp, finer digits cut off; undefined when it is none. */
export function microsOf(text: string): number | undefined {
  const [, seconds = '', fraction = '', zone = ''] = RFC_3339.exec(text) ?? [];
  const ms = Date.parse(`${seconds}${zone}`);
  return Number.isNaN(ms) ? undefined : ms * 1_000 + Number(fraction.padEnd(6, '0').slice(0, 6));
}
