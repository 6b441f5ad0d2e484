import type { MicroClock } from '../control/time.ts';
import { StorageError } from './storage-error.ts';

export interface StoredObject {
  readonly bucket: string;
  readonly name: string;
  readonly content: Buffer;
  /** Microseconds of the write, as real generations are. */
  readonly generation: number;
  readonly metageneration: number;
  readonly createdMicros: number;
  readonly updatedMicros: number;
  readonly settings: ObjectSettings;
}

/** What a user may write about an object. */
export interface ObjectSettings {
  readonly contentType?: string;
  readonly cacheControl?: string;
  readonly contentEncoding?: string;
  readonly metadata?: Readonly<Record<string, string>>;
}

/** Conditions on the live object, 0 standing for "there is none". */
export interface Preconditions {
  readonly ifGenerationMatch?: number;
  readonly ifGenerationNotMatch?: number;
  readonly ifMetagenerationMatch?: number;
}

/** Buckets and the newest generation of each object, in memory. A refused call changes nothing. */
export interface ObjectStore {
  readonly createBucket: (name: string) => void;
  readonly deleteBucket: (name: string) => void;
  readonly hasBucket: (name: string) => boolean;
  readonly buckets: () => readonly string[];
  /** A bucket that does not exist yet is made. */
  readonly write: (object: NewObject, conditions: Preconditions) => StoredObject;
  readonly read: (bucket: string, name: string, conditions?: Preconditions) => StoredObject;
  readonly update: (
    object: ObjectPath & { readonly settings: ObjectSettings },
    conditions: Preconditions,
  ) => StoredObject;
  readonly remove: (object: ObjectPath, conditions: Preconditions) => void;
  /** By name. */
  readonly list: (bucket: string, prefix: string) => readonly StoredObject[];
}

export interface ObjectPath {
  readonly bucket: string;
  readonly name: string;
}

export interface NewObject extends ObjectPath {
  readonly content: Buffer;
  readonly settings: ObjectSettings;
}

const BUCKET = /^[a-z0-9][a-z0-9._-]{1,220}[a-z0-9]$/;

/** `buckets` holds the objects by bucket and name. */
export function objectStore(
  now: MicroClock,
  buckets = new Map<string, Map<string, StoredObject>>(),
): ObjectStore {
  const bucketAt = (name: string) => {
    const bucket = buckets.get(name);
    if (bucket === undefined) throw noBucket();
    return bucket;
  };
  const read = (bucket: string, name: string, conditions: Preconditions = {}) => {
    const object = bucketAt(bucket).get(name);
    if (object === undefined) throw new StorageError(404, 'notFound', `No such object: ${bucket}/${name}`);
    check(object, conditions);
    return object;
  };
  return {
    read,
    hasBucket: (name) => buckets.has(name),
    buckets: () => [...buckets.keys()].sort(),
    createBucket: (name) => {
      checkBucketName(name);
      if (buckets.has(name)) throw alreadyOwned();
      buckets.set(name, new Map());
    },
    deleteBucket: (name) => {
      if (bucketAt(name).size > 0)
        throw new StorageError(409, 'conflict', 'The bucket you tried to delete is not empty.');
      buckets.delete(name);
    },
    write: (object, conditions) => {
      checkName(object);
      const bucket = buckets.get(object.bucket) ?? new Map<string, StoredObject>();
      check(bucket.get(object.name), conditions);
      const micros = now();
      const stored = {
        ...object,
        generation: micros,
        metageneration: 1,
        createdMicros: micros,
        updatedMicros: micros,
      };
      buckets.set(object.bucket, bucket.set(object.name, stored));
      return stored;
    },
    update: ({ bucket, name, settings }, conditions) => {
      const before = read(bucket, name, conditions);
      const after = updated(before, settings, now());
      bucketAt(bucket).set(name, after);
      return after;
    },
    remove: ({ bucket, name }, conditions) => {
      read(bucket, name, conditions);
      bucketAt(bucket).delete(name);
    },
    list: (bucket, prefix) =>
      [...bucketAt(bucket).values()]
        .filter(({ name }) => name.startsWith(prefix))
        .sort((a, b) => (a.name < b.name ? -1 : 1)),
  };
}

function updated(before: StoredObject, settings: ObjectSettings, micros: number): StoredObject {
  return {
    ...before,
    settings: { ...before.settings, ...settings },
    metageneration: before.metageneration + 1,
    updatedMicros: micros,
  };
}

function checkName({ bucket, name }: ObjectPath): void {
  checkBucketName(bucket);
  if (name === '' || Buffer.byteLength(name) > 1024)
    throw new StorageError(400, 'required', 'Required object name of 1 to 1024 bytes.');
}

function checkBucketName(name: string): void {
  if (!BUCKET.test(name)) throw new StorageError(400, 'invalid', `Invalid bucket name: '${name}'`);
}

function noBucket(): StorageError {
  return new StorageError(404, 'notFound', 'The specified bucket does not exist.');
}

function alreadyOwned(): StorageError {
  return new StorageError(
    409,
    'conflict',
    'Your previous request to create the named bucket succeeded and you already own it.',
  );
}

function check(object: StoredObject | undefined, conditions: Preconditions): void {
  const { ifGenerationMatch, ifGenerationNotMatch, ifMetagenerationMatch } = conditions;
  const generation = object?.generation ?? 0;
  const holds =
    (ifGenerationMatch === undefined || ifGenerationMatch === generation) &&
    (ifGenerationNotMatch === undefined || ifGenerationNotMatch !== generation) &&
    (ifMetagenerationMatch === undefined || ifMetagenerationMatch === object?.metageneration);
  if (!holds)
    throw new StorageError(
      412,
      'conditionNotMet',
      'At least one of the pre-conditions you specified did not hold.',
    );
}
