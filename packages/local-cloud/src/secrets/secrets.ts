/** Secrets in memory. Every value that is added is a new version, counted from 1. */
export interface Secrets {
  /** The number of the new version. */
  readonly add: (name: string, value: string) => number;
  /** `latest` or a number. */
  readonly read: (name: string, version: string) => string | undefined;
}

export function secretsOf(initial: Readonly<Record<string, string>> = {}): Secrets {
  const versions = new Map<string, readonly string[]>(
    Object.entries(initial).map(([name, value]) => [name, [value]]),
  );
  return {
    add: (name, value) => {
      const all = [...(versions.get(name) ?? []), value];
      versions.set(name, all);
      return all.length;
    },
    read: (name, version) => {
      const all = versions.get(name) ?? [];
      return version === 'latest'
        ? all.at(-1)
        : /^[1-9]\d*$/.test(version)
          ? all[Number(version) - 1]
          : undefined;
    },
  };
}
