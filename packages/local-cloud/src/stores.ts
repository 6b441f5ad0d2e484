import { randomInt, randomUUID } from 'node:crypto';

import type { Clock } from '@fairlead/action-kit';

import { type PushRules, pushRules, type RepositoryRecord } from './artifact-registry/index.ts';
import { type Occurrence, type Occurrences, occurrencesOf } from './container-analysis/occurrences.ts';
import type { PolicyRecord } from './control/policy-record.ts';
import { type MicroClock, microClock } from './control/time.ts';
import { createWorld, type Ids, type SecretReader, type World } from './control/world.ts';
import { flatText } from './flat-text.ts';
import type { Faults } from './http/faults.ts';
import { type Policies, policiesOf } from './policies/policies.ts';
import { type Secret, type Secrets, secretsOf } from './secrets/secrets.ts';
import type { State } from './state/state.ts';
import type { Bucket } from './storage/bucket.ts';
import { type ObjectStore, objectStore } from './storage/object-store.ts';
import type { StoredObject } from './storage/stored-object.ts';

/** Everything that a local cloud remembers. */
export interface Stores {
  readonly world: World;
  readonly now: MicroClock;
  readonly secrets: Secrets;
  readonly objects: ObjectStore;
  readonly occurrences: Occurrences;
  /** Of Artifact Registry, by full name: those that were made, not those that a push has brought into being. */
  readonly repositories: Map<string, RepositoryRecord>;
  /** Follow the repositories; what is set of them lasts as long as the process. */
  readonly pushRules: PushRules;
  /** Policies of secrets and repositories. */
  readonly granted: Policies;
  /** APIs that somebody has enabled. */
  readonly apis: Map<string, true>;
  /** Of the registry and of the host port. */
  readonly ports: Map<string, number>;
}

/** What new stores stand on. */
export interface StoreOptions {
  readonly clock: Clock;
  readonly faults: Faults;
  readonly secrets: Readonly<Record<string, string>> | undefined;
}

/** New stores with what the state has of them, kept in it from now on. Maps of the world are kept whatever their names are. */
export function openStores(
  { clock, faults, secrets: initial }: StoreOptions,
  state: State | undefined,
): Stores {
  const micros = microClock(() => clock.now() + faults.skewMs(), state?.micros);
  let lastMicros = state?.micros ?? 0;
  const now = () => (lastMicros = micros());
  const kept = {
    secrets: new Map<string, Secret>(),
    objects: new Map<string, Map<string, StoredObject>>(),
    objectVersions: new Map<string, Map<string, StoredObject>>(),
    buckets: new Map<string, Bucket>(),
    granted: new Map<string, PolicyRecord>(),
    apis: new Map<string, true>(),
    occurrences: new Map<string, Occurrence>(),
    repositories: new Map<string, RepositoryRecord>(),
    ports: new Map<string, number>(),
  };
  const read: SecretReader = (name, version) => secrets.read(name, version);
  const world = createWorld({ now, ids: randomIds, secrets: read, bends: faults.bends });
  state?.keep({ ...mapsOf(world), ...kept }, () => lastMicros);
  const secrets = secretsOf(now, initial, kept.secrets);
  return {
    world,
    now,
    secrets,
    objects: objectStore(now, {
      live: kept.objects,
      noncurrent: kept.objectVersions,
      buckets: kept.buckets,
    }),
    occurrences: occurrencesOf(now, kept.occurrences),
    repositories: kept.repositories,
    pushRules: pushRules(kept.repositories),
    granted: policiesOf(now, kept.granted),
    apis: kept.apis,
    ports: kept.ports,
  };
}

function mapsOf(world: World): Record<string, Map<unknown, unknown>> {
  const isMap = (value: unknown) => value instanceof Map;
  return Object.fromEntries(
    Object.entries(world).filter((entry): entry is [string, Map<unknown, unknown>] => isMap(entry[1])),
  );
}

const LETTERS = 'abcdefghijklmnopqrstuvwxyz';

const randomIds: Ids = {
  uuid: () => flatText(randomUUID()),
  suffix: (length) =>
    Array.from({ length }, (_, index) => {
      const alphabet = index === 0 ? LETTERS : `${LETTERS}0123456789`;
      return alphabet.charAt(randomInt(alphabet.length));
    }).join(''),
};
