import type { MicroClock } from '../control/time.ts';

/** Secrets in memory, by their short names: all projects see the same ones. Versions are counted from 1. */
export interface Secrets {
  /** The time of what is written now, in microseconds. */
  readonly now: MicroClock;
  /** A new version, of a new secret if need be; its number. */
  readonly add: (name: string, value: string | Buffer, options?: { readonly isChecked?: boolean }) => number;
  /** The value of `latest` or of a number; undefined when there is none and when it is disabled or destroyed. */
  readonly read: (name: string, version: string) => string | undefined;
  readonly all: () => readonly Secret[];
  readonly find: (name: string) => Secret | undefined;
  /** Replaces all that the secret was made with; a new one has no version. */
  readonly put: (name: string, settings: SecretSettings) => Secret;
  readonly remove: (name: string) => void;
  readonly setState: (
    name: string,
    version: number,
    state: SecretVersion['state'],
  ) => SecretVersion | undefined;
}

export interface Secret {
  readonly name: string;
  readonly createMicros: number;
  readonly updateMicros: number;
  readonly settings: SecretSettings;
  /** Oldest first; version n is at n - 1. */
  readonly versions: readonly SecretVersion[];
}

export interface SecretSettings {
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly replication?: object;
  /** Numbers of versions by further names for them. */
  readonly versionAliases?: Readonly<Record<string, string>>;
  /** Kept and answered, never acted upon, as is all that follows. */
  readonly topics?: unknown;
  readonly expireTime?: string;
  readonly rotation?: unknown;
  readonly versionDestroyTtl?: string;
}

export interface SecretVersion {
  readonly number: number;
  readonly state: 'ENABLED' | 'DISABLED' | 'DESTROYED';
  /** Empty once destroyed. */
  readonly payload: Buffer;
  /** That it came with its checksum; gcloud takes a version that does not say so for damaged. */
  readonly isChecked?: true;
  readonly createMicros: number;
  readonly updateMicros: number;
}

/** `secrets` holds what there is by name; an initial value that is another than a secret's newest becomes a version of it. */
export function secretsOf(
  now: MicroClock,
  initial: Readonly<Record<string, string>> = {},
  secrets = new Map<string, Secret>(),
): Secrets {
  const made = (name: string, settings: SecretSettings): Secret => {
    const micros = now();
    return { name, createMicros: micros, updateMicros: micros, settings, versions: [] };
  };
  const store: Secrets = {
    now,
    all: () => [...secrets.values()],
    find: (name) => secrets.get(name),
    remove: (name) => secrets.delete(name),
    read: (name, version) => readable(secrets.get(name), version),
    add: (name, value, { isChecked = false } = {}) => {
      const secret = secrets.get(name) ?? made(name, AUTOMATIC);
      const plain = newVersion(secret.versions.length + 1, Buffer.from(value), now());
      const version = isChecked ? { ...plain, isChecked } : plain;
      secrets.set(name, { ...secret, versions: [...secret.versions, version] });
      return version.number;
    },
    put: (name, settings) => {
      const before = secrets.get(name);
      const secret =
        before === undefined ? made(name, settings) : { ...before, settings, updateMicros: now() };
      secrets.set(name, secret);
      return secret;
    },
    setState: (name, number, state) => {
      const secret = secrets.get(name);
      const before = secret?.versions[number - 1];
      if (secret === undefined || before === undefined) return undefined;
      const payload = state === 'DESTROYED' ? Buffer.alloc(0) : before.payload;
      const after = { ...before, state, payload, updateMicros: now() };
      secrets.set(name, { ...secret, versions: secret.versions.with(number - 1, after) });
      return after;
    },
  };
  for (const [name, value] of Object.entries(initial))
    if (store.read(name, 'latest') !== value) store.add(name, value);
  return store;
}

/** The version that `latest`, a number or an alias names; undefined when there is none. */
export function versionOf({ versions, settings }: Secret, version: string): SecretVersion | undefined {
  if (version === 'latest') return versions.at(-1);
  const number = settings.versionAliases?.[version] ?? version;
  return /^[1-9]\d{0,8}$/.test(number) ? versions[Number(number) - 1] : undefined;
}

const AUTOMATIC: SecretSettings = { replication: { automatic: {} } };

function newVersion(number: number, payload: Buffer, micros: number): SecretVersion {
  return { number, state: 'ENABLED', payload, createMicros: micros, updateMicros: micros };
}

function readable(secret: Secret | undefined, version: string): string | undefined {
  const found = secret === undefined ? undefined : versionOf(secret, version);
  return found?.state === 'ENABLED' ? found.payload.toString('utf8') : undefined;
}
