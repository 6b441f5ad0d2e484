const units: Readonly<Record<string, number>> = {
  '': 1,
  k: 1_000,
  M: 1_000 ** 2,
  G: 1_000 ** 3,
  Ki: 1_024,
  Mi: 1_024 ** 2,
  Gi: 1_024 ** 3,
};

/** Bytes of Cloud Run's `512Mi`; undefined for what is no quantity. */
export function memoryBytes(quantity: string): number | undefined {
  const [, number, unit] = /^(\d+(?:\.\d+)?)(|[kMG]|[KMG]i)$/.exec(quantity) ?? [];
  if (number === undefined || unit === undefined) return undefined;
  return Math.round(Number(number) * (units[unit] ?? 1));
}
