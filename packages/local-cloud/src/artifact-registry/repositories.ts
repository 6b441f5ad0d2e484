import type { Registry } from '../registry/index.ts';
import { packagesIn } from './catalog.ts';
import { entityNotFound, type RepositoryPlace, repositoryPlace } from './package-name.ts';

/** What a repository was made with. */
export interface RepositoryRecord {
  readonly createMs: number;
  /** Of the last change; undefined for none. */
  readonly updateMs?: number;
  /** Fields of google.devtools.artifactregistry.v1.Repository that a user may write. */
  readonly settings: object;
}

/** Repositories that were made, by name, and those that a push has brought into being: these are at every location that is asked for. */
export interface Repositories {
  readonly find: (name: string) => Promise<RepositoryRecord>;
  readonly has: (name: string) => Promise<boolean>;
  readonly add: (name: string, record: RepositoryRecord) => void;
  readonly remove: (name: string) => void;
  /** Names of those at a location. */
  readonly names: (parent: string) => Promise<readonly string[]>;
}

export function repositoriesOf(
  { store }: Registry,
  made = new Map<string, RepositoryRecord>(),
): Repositories {
  const pushed = async (place: RepositoryPlace) => (await packagesIn(store, place)).length > 0;
  const isElsewhere = ({ path }: RepositoryPlace) =>
    [...made.keys()].some((other) => repositoryPlace(other).path === path);
  const find = async (name: string) => {
    const record = made.get(name);
    if (record !== undefined) return record;
    const place = repositoryPlace(name);
    return !isElsewhere(place) && (await pushed(place)) ? PUSHED : undefined;
  };
  return {
    has: async (name) => (await find(name)) !== undefined,
    find: async (name) => {
      const record = await find(name);
      if (record === undefined) throw entityNotFound();
      return record;
    },
    add: (name, record) => {
      made.set(name, record);
    },
    remove: (name) => {
      made.delete(name);
    },
    names: async (parent) => {
      const project = parent.split('/')[1] ?? '';
      const images = await store.names(project);
      const shorts = new Set(
        images.map((image) => image.split('/')[1] ?? '').filter((short) => short !== ''),
      );
      const candidates = [...shorts].map((short) => `${parent}/repositories/${short}`);
      const known = await Promise.all(candidates.map(find));
      const implied = candidates.filter((_, index) => known[index] !== undefined);
      const own = [...made.keys()].filter((name) => name.startsWith(`${parent}/repositories/`));
      return [...new Set([...own, ...implied])].sort();
    },
  };
}

const PUSHED: RepositoryRecord = { createMs: 0, settings: {} };
