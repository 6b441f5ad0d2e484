import type { MicroClock } from '../control/time.ts';
import { type Bucket, completed, newSettings } from './bucket.ts';
import { checkConditions, type Preconditions } from './preconditions.ts';
import { invalid, StorageError } from './storage-error.ts';
import type { StoredObject } from './stored-object.ts';

/** Buckets without what is in them. A refused call changes nothing. */
export interface BucketStore {
  readonly createBucket: (name: string, bucket?: NewBucket) => Bucket;
  /** Throws 404 when there is none. */
  readonly bucket: (name: string, conditions?: BucketConditions) => Bucket;
  readonly changeBucket: (name: string, change: BucketChange) => Bucket;
  readonly deleteBucket: (name: string, conditions?: BucketConditions) => void;
  readonly hasBucket: (name: string) => boolean;
  readonly buckets: () => readonly string[];
}

export type NewBucket = Pick<Bucket, 'settings' | 'project'>;

export interface BucketChange {
  /** What becomes of the bucket beside its metageneration and its times. */
  readonly change: (bucket: Bucket) => Bucket;
  readonly conditions?: BucketConditions;
}

/** Conditions on the bucket's metageneration. */
export type BucketConditions = Pick<Preconditions, 'ifMetagenerationMatch' | 'ifMetagenerationNotMatch'>;

/** The maps in which a storage keeps what it has. */
export interface StorageMaps {
  /** The live objects by bucket and name. */
  readonly live: Map<string, Map<string, StoredObject>>;
  /** Versions that are not live any more, by bucket, then by name and generation. */
  readonly noncurrent: Map<string, Map<string, StoredObject>>;
  readonly buckets: Map<string, Bucket>;
}

const BUCKET = /^[a-z0-9][a-z0-9._-]{1,220}[a-z0-9]$/;

export function bucketStore(now: MicroClock, { live, noncurrent, buckets }: StorageMaps): BucketStore {
  const bucketOf = (name: string, conditions: BucketConditions = {}) => {
    if (!live.has(name)) throw noBucket();
    const bucket = completed(buckets.get(name));
    checkConditions({ generation: 0, metageneration: bucket.metageneration }, conditions);
    return bucket;
  };
  return {
    bucket: bucketOf,
    hasBucket: (name) => live.has(name),
    buckets: () => [...live.keys()].sort(),
    createBucket: (name, wanted = { settings: newSettings({}) }) => {
      checkBucketName(name);
      if (live.has(name)) throw alreadyOwned();
      const micros = now();
      const bucket = { ...wanted, metageneration: 1, createdMicros: micros, updatedMicros: micros };
      live.set(name, new Map());
      buckets.set(name, bucket);
      return bucket;
    },
    changeBucket: (name, { change, conditions }) => {
      const before = bucketOf(name, conditions);
      const { metageneration } = before;
      const after = { ...change(before), metageneration: metageneration + 1, updatedMicros: now() };
      buckets.set(name, after);
      return after;
    },
    deleteBucket: (name, conditions) => {
      bucketOf(name, conditions);
      if ((live.get(name)?.size ?? 0) + (noncurrent.get(name)?.size ?? 0) > 0)
        throw conflict('The bucket you tried to delete is not empty.');
      for (const map of [live, noncurrent, buckets]) map.delete(name);
    },
  };
}

const ADDRESS = /^\d+\.\d+\.\d+\.\d+$/;
const LONGEST_PART = 63;

export function checkBucketName(name: string): void {
  const isTooLong = name.split('.').some((part) => part.length > LONGEST_PART);
  const isGoogles = name.startsWith('goog') || name.includes('google');
  if (!BUCKET.test(name) || ADDRESS.test(name) || isTooLong || isGoogles)
    throw invalid(`Invalid bucket name: '${name}'`);
}

export function noBucket(): StorageError {
  return new StorageError(404, 'notFound', { message: 'The specified bucket does not exist.' });
}

function alreadyOwned(): StorageError {
  return conflict('Your previous request to create the named bucket succeeded and you already own it.');
}

function conflict(message: string): StorageError {
  return new StorageError(409, 'conflict', { message });
}
