import { isRecord, type Message } from '../messages/index.ts';
import type { StoredObject } from './stored-object.ts';
import { invalid, StorageError } from './storage-error.ts';

/** What a bucket is beside its objects. */
export interface Bucket {
  readonly metageneration: number;
  readonly createdMicros: number;
  readonly updatedMicros: number;
  /** What a user may write about it, as it was written. Versioning has an effect, all else is kept alone. */
  readonly settings: Message;
}

/** The maps in which a storage keeps what it has. */
export interface StorageMaps {
  /** The live objects by bucket and name. */
  readonly live: Map<string, Map<string, StoredObject>>;
  /** Versions that are not live any more, by bucket, then by name and generation. */
  readonly noncurrent: Map<string, Map<string, StoredObject>>;
  readonly buckets: Map<string, Bucket>;
}

const FIELDS = [
  'location',
  'storageClass',
  'versioning',
  'labels',
  'lifecycle',
  'cors',
  'website',
  'iamConfiguration',
  'softDeletePolicy',
  'retentionPolicy',
  'encryption',
  'logging',
  'billing',
  'autoclass',
  'rpo',
  'defaultEventBasedHold',
  'hierarchicalNamespace',
];

/** The settings after a patch: what it sets to null is taken away. */
export function patchedBucket(before: Message, patch: Message): Message {
  const { versioning } = patch;
  if (versioning !== undefined && versioning !== null && !isVersioning(versioning))
    throw invalid(`Invalid value for field "versioning": ${JSON.stringify(versioning)}`);
  const entries = FIELDS.map((name) => [name, name in patch ? patch[name] : before[name]] as const);
  return Object.fromEntries(entries.filter(([, value]) => value !== undefined && value !== null));
}

export function isVersioned({ settings }: Bucket): boolean {
  return isRecord(settings['versioning']) && settings['versioning']['enabled'] === true;
}

/** Throws when the bucket is not of the metageneration that a write is meant for. */
export function checkBucket({ metageneration }: Bucket, asked: number | undefined): void {
  if (asked === undefined || asked === metageneration) return;
  throw new StorageError(412, 'conditionNotMet', {
    message: 'At least one of the pre-conditions you specified did not hold.',
    location: { locationType: 'header', location: 'If-Match' },
  });
}

function isVersioning(value: unknown): boolean {
  return isRecord(value) && (value['enabled'] === undefined || typeof value['enabled'] === 'boolean');
}
