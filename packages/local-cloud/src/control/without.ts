/** A copy of the record that lacks the named fields. */
export function without<T extends object, K extends keyof T>(record: T, ...fields: readonly K[]): Omit<T, K> {
  const left = new Set<PropertyKey>(fields);
  return Object.fromEntries(Object.entries(record).filter(([field]) => !left.has(field))) as Omit<T, K>;
}
