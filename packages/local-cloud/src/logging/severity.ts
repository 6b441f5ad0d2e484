const SEVERITIES = {
  DEFAULT: 0,
  DEBUG: 100,
  INFO: 200,
  NOTICE: 300,
  WARNING: 400,
  ERROR: 500,
  CRITICAL: 600,
  ALERT: 700,
  EMERGENCY: 800,
} as const;

export type Severity = keyof typeof SEVERITIES;

/** The number of a severity by its name in any case, or by the number itself; undefined for what is none. */
export function severityNumber(text: string): number | undefined {
  const name = severityNamed(text);
  if (name !== undefined) return SEVERITIES[name];
  return /^\d{1,4}$/.test(text) ? Number(text) : undefined;
}

/** Programs also say `warn`. */
export function severityNamed(text: string): Severity | undefined {
  const name = text.toUpperCase() === 'WARN' ? 'WARNING' : text.toUpperCase();
  return name in SEVERITIES ? (name as Severity) : undefined;
}
