const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** Time of day in UTC, `02:14:05`. */
export function clockTime(ms: number): string {
  return new Date(ms).toISOString().slice(11, 19);
}

/** How long ago or how long, in the largest unit that fits: `8 s`, `3 min`, `2 h`, `4 d`. */
export function duration(ms: number): string {
  if (ms < 1000) return `${Math.max(0, Math.round(ms))} ms`;
  if (ms < MINUTE_MS) return `${Math.floor(ms / 1000)} s`;
  if (ms < HOUR_MS) return `${Math.floor(ms / MINUTE_MS)} min`;
  return ms < DAY_MS ? `${Math.floor(ms / HOUR_MS)} h` : `${Math.floor(ms / DAY_MS)} d`;
}

const whole = new Intl.NumberFormat('en-US');

export function count(value: number): string {
  return whole.format(value);
}

/** `1 request`, `1,200 requests`. */
export function counted(value: number, noun: string): string {
  return `${count(value)} ${noun}${value === 1 ? '' : 's'}`;
}

/** Digests cut to what tells them apart: a whole one fills a line and says no more. */
export function shortDigests(text: string): string {
  return text.replaceAll(/(sha256:[0-9a-f]{12})[0-9a-f]{52}/g, '$1…');
}

/** A failure without its last lines, which lead to the log in Google's console: here the log is a link away. */
export function withoutLogsUrl(message: string): string {
  return message.replace(/ Logs for this revision might contain more information\.\s.*$/s, '');
}

/** The part of a whole in percent with one digit, `11.8 %`; undefined where there is no whole. */
export function percentOf(part: number, total: number): string | undefined {
  return total === 0 ? undefined : `${((part / total) * 100).toFixed(1)} %`;
}
