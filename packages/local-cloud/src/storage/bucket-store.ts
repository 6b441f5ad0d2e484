import type { MicroClock } from '../control/time.ts';
import type { Message } from '../messages/index.ts';
import { type Bucket, checkBucket, patchedBucket, type StorageMaps } from './buckets.ts';
import { invalid, StorageError } from './storage-error.ts';

/** Buckets without what is in them. A refused call changes nothing. */
export interface BucketStore {
  readonly createBucket: (name: string, settings?: Message) => Bucket;
  readonly bucket: (name: string) => Bucket;
  readonly changeBucket: (name: string, change: BucketChange) => Bucket;
  readonly deleteBucket: (name: string) => void;
  readonly hasBucket: (name: string) => boolean;
  readonly buckets: () => readonly string[];
}

export interface BucketChange {
  readonly change: (settings: Message) => Message;
  readonly ifMetagenerationMatch?: number;
}

const BUCKET = /^[a-z0-9][a-z0-9._-]{1,220}[a-z0-9]$/;

export function bucketStore(now: MicroClock, { live, noncurrent, buckets }: StorageMaps): BucketStore {
  const bucketOf = (name: string) => {
    if (!live.has(name)) throw noBucket();
    return buckets.get(name) ?? UNKNOWN;
  };
  return {
    bucket: bucketOf,
    hasBucket: (name) => live.has(name),
    buckets: () => [...live.keys()].sort(),
    createBucket: (name, settings = {}) => {
      checkBucketName(name);
      if (live.has(name)) throw alreadyOwned();
      const micros = now();
      const made = { settings: patchedBucket({}, settings), metageneration: 1 };
      const bucket = { ...made, createdMicros: micros, updatedMicros: micros };
      live.set(name, new Map());
      buckets.set(name, bucket);
      return bucket;
    },
    changeBucket: (name, { change, ifMetagenerationMatch }) => {
      const before = bucketOf(name);
      checkBucket(before, ifMetagenerationMatch);
      const settings = change(before.settings);
      const after = { ...before, settings, metageneration: before.metageneration + 1, updatedMicros: now() };
      buckets.set(name, after);
      return after;
    },
    deleteBucket: (name) => {
      bucketOf(name);
      if ((live.get(name)?.size ?? 0) + (noncurrent.get(name)?.size ?? 0) > 0)
        throw conflict('The bucket you tried to delete is not empty.');
      for (const map of [live, noncurrent, buckets]) map.delete(name);
    },
  };
}

/** A bucket of the state file of a release that kept nothing about buckets. */
const UNKNOWN: Bucket = { metageneration: 1, createdMicros: 0, updatedMicros: 0, settings: {} };

export function checkBucketName(name: string): void {
  if (!BUCKET.test(name)) throw invalid(`Invalid bucket name: '${name}'`);
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
