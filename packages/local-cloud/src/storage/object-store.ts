import type { MicroClock } from '../control/time.ts';
import { type Bucket, isVersioned } from './bucket.ts';
import {
  type BucketStore,
  bucketStore,
  checkBucketName,
  noBucket,
  type StorageMaps,
} from './bucket-store.ts';
import { checkConditions, type Preconditions } from './preconditions.ts';
import { invalid, StorageError } from './storage-error.ts';
import type { ObjectSettings, StoredObject } from './stored-object.ts';

/** Buckets and their objects, in memory: the live ones, and in a bucket with versioning those that were. A refused call changes nothing. */
export interface ObjectStore extends BucketStore {
  /** A bucket that does not exist yet is made. */
  readonly write: (object: NewObject, conditions: Preconditions) => StoredObject;
  /** Throws what `write` with these conditions would throw now. */
  readonly checkWrite: (object: ObjectPath, conditions: Preconditions) => void;
  readonly read: (object: ObjectPath, conditions?: Preconditions) => StoredObject;
  /** `change` makes the settings anew from what they were. */
  readonly update: (
    object: ObjectPath,
    change: (settings: ObjectSettings) => ObjectSettings,
    conditions: Preconditions,
  ) => StoredObject;
  /** With a generation, that version is gone for good; without one, the live version is kept where the bucket has versioning. */
  readonly remove: (object: ObjectPath, conditions: Preconditions) => void;
  /** By name. */
  readonly list: (bucket: string, prefix: string) => readonly StoredObject[];
  /** Live and noncurrent ones, by name, then by generation. */
  readonly listVersions: (bucket: string, prefix: string) => readonly StoredObject[];
}

export interface ObjectPath {
  readonly bucket: string;
  readonly name: string;
  /** The live one unless told. */
  readonly generation?: number;
}

export interface NewObject extends ObjectPath {
  readonly content: Buffer;
  readonly settings: ObjectSettings;
}

export function objectStore(now: MicroClock, maps: StorageMaps): ObjectStore {
  const { live } = maps;
  const store = bucketStore(now, maps);
  const versions = versionsOf(maps, store.bucket);
  const { read } = versions;
  const checkWrite = ({ bucket, name }: ObjectPath, conditions: Preconditions) => {
    checkName({ bucket, name });
    checkConditions(live.get(bucket)?.get(name), conditions);
  };
  return {
    ...store,
    read,
    checkWrite,
    write: (object, conditions) => {
      checkWrite(object, conditions);
      if (!live.has(object.bucket)) store.createBucket(object.bucket);
      const stored = newObject(object, store.bucket(object.bucket), now());
      versions.retire(live.get(stored.bucket)?.get(stored.name), stored.createdMicros);
      versions.put(stored);
      return stored;
    },
    update: (path, change, conditions) => {
      const before = read(path, conditions);
      const after = updated(before, change(before.settings), now());
      versions.put(after);
      return after;
    },
    remove: (path, conditions) => {
      const object = read(path, conditions);
      versions.drop(object);
      if (path.generation === undefined) versions.retire(object, now());
    },
    list: (bucket, prefix) => inOrder(versions.liveIn(bucket).values(), prefix),
    listVersions: (bucket, prefix) =>
      inOrder([...versions.liveIn(bucket).values(), ...versions.oldIn(bucket)], prefix),
  };
}

/** The live and the noncurrent objects, each in its map. */
function versionsOf({ live, noncurrent }: StorageMaps, bucketOf: (name: string) => Bucket) {
  const liveIn = (bucket: string) => {
    const objects = live.get(bucket);
    if (objects === undefined) throw noBucket();
    return objects;
  };
  const put = (object: StoredObject) => {
    if (object.deletedMicros === undefined) {
      liveIn(object.bucket).set(object.name, object);
      return;
    }
    const old = noncurrent.get(object.bucket) ?? new Map<string, StoredObject>();
    noncurrent.set(object.bucket, old.set(keyOf(object), object));
  };
  return {
    liveIn,
    oldIn: (bucket: string) => noncurrent.get(bucket)?.values() ?? [],
    put,
    drop: (object: StoredObject) => {
      if (object.deletedMicros === undefined) liveIn(object.bucket).delete(object.name);
      else noncurrent.get(object.bucket)?.delete(keyOf(object));
    },
    read: ({ bucket, name, generation }: ObjectPath, conditions: Preconditions = {}) => {
      const current = liveIn(bucket).get(name);
      const isCurrent = generation === undefined || generation === current?.generation;
      const object = isCurrent ? current : noncurrent.get(bucket)?.get(`${name}#${generation}`);
      if (object === undefined) throw noObject({ bucket, name });
      checkConditions(object, conditions);
      return object;
    },
    /** Puts a version that is live no more where it can be read by its generation, if its bucket has versioning. */
    retire: (object: StoredObject | undefined, micros: number) => {
      if (object !== undefined && isVersioned(bucketOf(object.bucket)))
        put({ ...object, deletedMicros: micros });
    },
  };
}

function keyOf({ name, generation }: StoredObject): string {
  return `${name}#${generation}`;
}

function inOrder(objects: Iterable<StoredObject>, prefix: string): readonly StoredObject[] {
  return [...objects]
    .filter(({ name }) => name.startsWith(prefix))
    .sort((a, b) => (a.name === b.name ? a.generation - b.generation : a.name < b.name ? -1 : 1));
}

function newObject(
  { bucket, name, content, settings }: NewObject,
  { settings: { storageClass } }: Bucket,
  micros: number,
): StoredObject {
  const ofBucket = typeof storageClass === 'string' && storageClass !== 'STANDARD' ? { storageClass } : {};
  return {
    bucket,
    name,
    content,
    settings: { ...ofBucket, ...settings },
    generation: micros,
    metageneration: 1,
    createdMicros: micros,
    updatedMicros: micros,
  };
}

function updated(before: StoredObject, settings: ObjectSettings, micros: number): StoredObject {
  return { ...before, settings, metageneration: before.metageneration + 1, updatedMicros: micros };
}

function checkName({ bucket, name }: ObjectPath): void {
  checkBucketName(bucket);
  if (name === '' || Buffer.byteLength(name) > 1024)
    throw new StorageError(400, 'required', { message: 'Required object name of 1 to 1024 bytes.' });
  // No path can say a zero byte here; the others are Cloud Storage's own.
  if (/[\r\n\0]/.test(name)) throw invalid(`Disallowed unicode characters present in object name '${name}'`);
  if (name === '.' || name === '..' || name.startsWith('.well-known/acme-challenge/'))
    throw invalid(`Invalid object name: '${name}'`);
}

function noObject({ bucket, name }: ObjectPath): StorageError {
  return new StorageError(404, 'notFound', { message: `No such object: ${bucket}/${name}` });
}
