import type { MicroClock } from '../control/time.ts';
import type { Bucket } from './bucket.ts';
import { type DescribedBuckets, describedBuckets } from './described-buckets.ts';
import { checkConditions, type Preconditions } from './preconditions.ts';
import { invalid, StorageError } from './storage-error.ts';

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
  readonly contentDisposition?: string;
  readonly contentEncoding?: string;
  readonly contentLanguage?: string;
  /** RFC 3339. */
  readonly customTime?: string;
  /** The bucket's, unless told. */
  readonly storageClass?: string;
  readonly metadata?: Readonly<Record<string, string>>;
}

/** Buckets and the newest generation of each object, in memory. A refused call changes nothing. */
export interface ObjectStore {
  readonly createBucket: (name: string, bucket: Pick<Bucket, 'settings' | 'project'>) => Bucket;
  /** Throws 404 when there is none. */
  readonly bucket: (name: string) => Bucket;
  readonly updateBucket: (name: string, change: (bucket: Bucket) => Bucket) => Bucket;
  readonly deleteBucket: (name: string) => void;
  readonly hasBucket: (name: string) => boolean;
  readonly buckets: () => readonly string[];
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
  readonly remove: (object: ObjectPath, conditions: Preconditions) => void;
  /** By name. */
  readonly list: (bucket: string, prefix: string) => readonly StoredObject[];
}

export interface ObjectPath {
  readonly bucket: string;
  readonly name: string;
  /** Another generation than the live one is not there: only the newest is kept. */
  readonly generation?: number;
}

export interface NewObject extends ObjectPath {
  readonly content: Buffer;
  readonly settings: ObjectSettings;
}

const BUCKET = /^[a-z0-9][a-z0-9._-]{1,220}[a-z0-9]$/;

/** `buckets` holds the objects by bucket and name, `descriptions` what the buckets themselves are. */
export function objectStore(
  now: MicroClock,
  buckets = new Map<string, Map<string, StoredObject>>(),
  descriptions = new Map<string, Bucket>(),
): ObjectStore {
  const described = describedBuckets(now, descriptions);
  const bucketAt = (name: string) => {
    const bucket = buckets.get(name);
    if (bucket === undefined) throw noBucket();
    return bucket;
  };
  const read = ({ bucket, name, generation }: ObjectPath, conditions: Preconditions = {}) => {
    const object = bucketAt(bucket).get(name);
    if (object === undefined || (generation !== undefined && generation !== object.generation))
      throw noObject({ bucket, name });
    checkConditions(object, conditions);
    return object;
  };
  const checkWrite = ({ bucket, name }: ObjectPath, conditions: Preconditions) => {
    checkName({ bucket, name });
    checkConditions(buckets.get(bucket)?.get(name), conditions);
  };
  return {
    read,
    checkWrite,
    ...bucketsOf({ buckets, described, bucketAt }),
    write: (object, conditions) => {
      checkWrite(object, conditions);
      const objects = buckets.get(object.bucket) ?? new Map<string, StoredObject>();
      const stored = newObject(object, described.at(object.bucket), now());
      buckets.set(object.bucket, objects.set(object.name, stored));
      return stored;
    },
    update: (path, change, conditions) => {
      const before = read(path, conditions);
      const after = updated(before, change(before.settings), now());
      bucketAt(path.bucket).set(path.name, after);
      return after;
    },
    remove: (path, conditions) => {
      read(path, conditions);
      bucketAt(path.bucket).delete(path.name);
    },
    list: (bucket, prefix) =>
      [...bucketAt(bucket).values()]
        .filter(({ name }) => name.startsWith(prefix))
        .sort((a, b) => (a.name < b.name ? -1 : 1)),
  };
}

/** What is done with buckets, empty or not. */
function bucketsOf({
  buckets,
  described,
  bucketAt,
}: {
  readonly buckets: Map<string, Map<string, StoredObject>>;
  readonly described: DescribedBuckets;
  /** Throws 404. */
  readonly bucketAt: (name: string) => Map<string, StoredObject>;
}): Pick<ObjectStore, 'hasBucket' | 'buckets' | 'createBucket' | 'bucket' | 'updateBucket' | 'deleteBucket'> {
  return {
    hasBucket: (name) => buckets.has(name),
    buckets: () => [...buckets.keys()].sort(),
    createBucket: (name, bucket) => {
      checkBucketName(name);
      if (buckets.has(name)) throw alreadyOwned();
      buckets.set(name, new Map());
      return described.make(name, bucket);
    },
    bucket: (name) => {
      bucketAt(name);
      return described.at(name);
    },
    updateBucket: (name, change) => {
      bucketAt(name);
      return described.change(name, change);
    },
    deleteBucket: (name) => {
      if (bucketAt(name).size > 0) throw conflict('The bucket you tried to delete is not empty.');
      buckets.delete(name);
      described.forget(name);
    },
  };
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
}

function checkBucketName(name: string): void {
  if (!BUCKET.test(name)) throw invalid(`Invalid bucket name: '${name}'`);
}

function noBucket(): StorageError {
  return new StorageError(404, 'notFound', { message: 'The specified bucket does not exist.' });
}

function noObject({ bucket, name }: ObjectPath): StorageError {
  return new StorageError(404, 'notFound', { message: `No such object: ${bucket}/${name}` });
}

function alreadyOwned(): StorageError {
  return conflict('Your previous request to create the named bucket succeeded and you already own it.');
}

function conflict(message: string): StorageError {
  return new StorageError(409, 'conflict', { message });
}
