import type { MicroClock } from '../control/time.ts';
import { type Bucket, newSettings } from './bucket.ts';

/** What buckets are, beside their objects, by name. */
export interface DescribedBuckets {
  readonly make: (name: string, bucket: Pick<Bucket, 'settings' | 'project'>) => Bucket;
  /** A bucket that nobody made, as the first upload does, has the settings of one that was made without any. */
  readonly at: (name: string) => Bucket;
  readonly change: (name: string, change: (bucket: Bucket) => Bucket) => Bucket;
  readonly forget: (name: string) => void;
}

export function describedBuckets(now: MicroClock, buckets: Map<string, Bucket>): DescribedBuckets {
  const put = (name: string, bucket: Bucket) => {
    buckets.set(name, bucket);
    return bucket;
  };
  const make: DescribedBuckets['make'] = (name, bucket) => {
    const micros = now();
    return put(name, { ...bucket, metageneration: 1, createdMicros: micros, updatedMicros: micros });
  };
  const at = (name: string) => buckets.get(name) ?? make(name, { settings: newSettings({}) });
  return {
    make,
    at,
    change: (name, change) => {
      const before = at(name);
      const metageneration = before.metageneration + 1;
      return put(name, { ...change(before), metageneration, updatedMicros: now() });
    },
    forget: (name) => buckets.delete(name),
  };
}
