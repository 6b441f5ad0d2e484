import { isRecord } from '../messages/index.ts';

/** Whether a value can be that of a field. */
type Check = (value: unknown) => boolean;

const isText: Check = (value) => typeof value === 'string';
const isFlag: Check = (value) => typeof value === 'boolean';
const isCount: Check = (value) =>
  /^\d{1,15}$/.test(String(value)) && ['string', 'number'].includes(typeof value);
const oneOf =
  (...words: readonly string[]): Check =>
  (value) =>
    words.some((word) => word === value);
const listOf =
  (check: Check): Check =>
  (value) =>
    Array.isArray(value) && value.every(check);

/** A message: what is said of these fields must fit, null takes a field away, and fields that are not here are not looked at. */
const message =
  (checks: Readonly<Record<string, Check>>): Check =>
  (value) =>
    isRecord(value) &&
    Object.entries(checks).every(([field, check]) => (value[field] ?? null) === null || check(value[field]));

const CLASSES = [
  'STANDARD',
  'NEARLINE',
  'COLDLINE',
  'ARCHIVE',
  'MULTI_REGIONAL',
  'REGIONAL',
  'DURABLE_REDUCED_AVAILABILITY',
];

export const isStorageClass: Check = oneOf(...CLASSES);

const rule: Check = (value) =>
  isRecord(value) &&
  message({
    action: message({
      type: oneOf('Delete', 'SetStorageClass', 'AbortIncompleteMultipartUpload'),
      storageClass: isStorageClass,
    }),
    condition: message({
      age: isCount,
      daysSinceCustomTime: isCount,
      daysSinceNoncurrentTime: isCount,
      isLive: isFlag,
      matchesPrefix: listOf(isText),
      matchesStorageClass: listOf(isText),
      matchesSuffix: listOf(isText),
      numNewerVersions: isCount,
    }),
  })(value) &&
  isRecord(value['action']) &&
  isText(value['action']['type']);

/** What a user may write of a bucket. */
export const BUCKET_FIELDS: Readonly<Record<string, Check>> = {
  autoclass: message({ enabled: isFlag }),
  billing: message({ requesterPays: isFlag }),
  cors: listOf(isRecord),
  customPlacementConfig: message({ dataLocations: listOf(isText) }),
  defaultEventBasedHold: isFlag,
  encryption: message({ defaultKmsKeyName: isText }),
  hierarchicalNamespace: message({ enabled: isFlag }),
  iamConfiguration: message({
    publicAccessPrevention: oneOf('inherited', 'enforced', 'unspecified'),
    uniformBucketLevelAccess: message({ enabled: isFlag }),
  }),
  ipFilter: isRecord,
  labels: (value) =>
    isRecord(value) && Object.values(value).every((label) => isText(label) || label === null),
  lifecycle: message({ rule: listOf(rule) }),
  location: (value) => typeof value === 'string' && /^[A-Za-z][A-Za-z0-9-]*$/.test(value),
  logging: message({ logBucket: isText, logObjectPrefix: isText }),
  objectRetention: isRecord,
  retentionPolicy: message({ retentionPeriod: isCount }),
  rpo: oneOf('DEFAULT', 'ASYNC_TURBO'),
  softDeletePolicy: message({ retentionDurationSeconds: isCount }),
  storageClass: isStorageClass,
  versioning: message({ enabled: isFlag }),
  website: message({ mainPageSuffix: isText, notFoundPage: isText }),
};
