import type { EnvVar } from './template.ts';

/** Variables with plain values, and variables with `secret:version`. */
export interface ManagedEnv {
  readonly env: Readonly<Record<string, string>>;
  readonly secrets: Readonly<Record<string, string>>;
}

/** The live variables in their order, those that are managed replaced in place, new ones appended by name. */
export function mergedEnv(live: readonly EnvVar[] = [], { env, secrets }: ManagedEnv): readonly EnvVar[] {
  const managed = new Map<string, EnvVar>();
  for (const [name, value] of Object.entries(env)) managed.set(name, { name, value });
  for (const [name, reference] of Object.entries(secrets))
    managed.set(name, { name, valueSource: { secretKeyRef: secretVersion(reference) } });
  const known = new Set(live.map(({ name }) => name));
  const added = [...managed.values()].filter(({ name }) => !known.has(name));
  return [
    ...live.map((variable) => managed.get(variable.name) ?? variable),
    ...added.sort((a, b) => (a.name < b.name ? -1 : 1)),
  ];
}

/** The secret and version of `database-url:3`; `latest` when no version is named. */
export function secretVersion(reference: string): { readonly secret: string; readonly version: string } {
  const at = reference.lastIndexOf(':');
  return at < 0
    ? { secret: reference, version: 'latest' }
    : { secret: reference.slice(0, at), version: reference.slice(at + 1) };
}
