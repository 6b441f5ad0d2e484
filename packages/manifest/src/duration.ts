const UNITS: ReadonlyMap<string, number> = new Map([
  ['ms', 1],
  ['s', 1000],
  ['m', 60_000],
  ['h', 3_600_000],
]);

export const DURATION = /^(?:\d{1,9}(?:ms|s|m|h))+$/;

/** Milliseconds of a text that DURATION admits, such as `10s` or `1h30m`. */
export function durationMs(text: string): number {
  return [...text.matchAll(/(\d+)(ms|s|m|h)/g)]
    .map(([, amount, unit]) => Number(amount) * (UNITS.get(unit ?? '') ?? 0))
    .reduce((sum, part) => sum + part, 0);
}
