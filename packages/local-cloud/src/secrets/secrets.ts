type Versions = Map<string, readonly string[]>;

/** Secrets in memory. Every value that is added is a new version, counted from 1. */
export interface Secrets {
  /** The number of the new version. */
  readonly add: (name: string, value: string) => number;
  /** `latest` or a number. */
  readonly read: (name: string, version: string) => string | undefined;
}

/** `versions` holds what there is by name; an initial value that is another than a secret's newest becomes a version of it. */
export function secretsOf(
  initial: Readonly<Record<string, string>> = {},
  versions: Versions = new Map(),
): Secrets {
  const add = (name: string, value: string) => {
    const all = [...(versions.get(name) ?? []), value];
    versions.set(name, all);
    return all.length;
  };
  for (const [name, value] of Object.entries(initial))
    if (versions.get(name)?.at(-1) !== value) add(name, value);
  return {
    add,
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
