import { randomInt, randomUUID } from 'node:crypto';

import type { Clock } from '@fairlead/action-kit';

import { type MicroClock, microClock } from './control/time.ts';
import { createWorld, type Ids, type SecretReader, type World } from './control/world.ts';
import { type Secrets, secretsOf } from './secrets/secrets.ts';
import type { State } from './state/state.ts';
import { type ObjectStore, objectStore, type StoredObject } from './storage/object-store.ts';

/** Everything that a local cloud remembers. */
export interface Stores {
  readonly world: World;
  readonly now: MicroClock;
  readonly secrets: Secrets;
  readonly objects: ObjectStore;
  /** Of the registry and of the host port. */
  readonly ports: Map<string, number>;
}

/** New stores with what the state has of them, kept in it from now on. Maps of the world are kept whatever their names are. */
export function openStores(
  {
    clock,
    secrets: initial,
  }: { readonly clock: Clock; readonly secrets: Readonly<Record<string, string>> | undefined },
  state: State | undefined,
): Stores {
  const micros = microClock(clock.now, state?.micros);
  let lastMicros = state?.micros ?? 0;
  const now = () => (lastMicros = micros());
  const versions = new Map<string, readonly string[]>();
  const buckets = new Map<string, Map<string, StoredObject>>();
  const ports = new Map<string, number>();
  const read: SecretReader = (name, version) => secrets.read(name, version);
  const world = createWorld({ now, ids: randomIds, secrets: read });
  const ofWorld = Object.entries(world).filter((entry): entry is [string, Map<unknown, unknown>] =>
    ((value: unknown) => value instanceof Map)(entry[1]),
  );
  state?.keep(
    { ...Object.fromEntries(ofWorld), secrets: versions, objects: buckets, ports },
    () => lastMicros,
  );
  const secrets = secretsOf(initial, versions);
  return { world, now, secrets, objects: objectStore(now, buckets), ports };
}

const LETTERS = 'abcdefghijklmnopqrstuvwxyz';

const randomIds: Ids = {
  uuid: randomUUID,
  suffix: (length) =>
    Array.from({ length }, (_, index) => {
      const alphabet = index === 0 ? LETTERS : `${LETTERS}0123456789`;
      return alphabet.charAt(randomInt(alphabet.length));
    }).join(''),
};
