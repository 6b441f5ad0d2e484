import { isRecord, type Message } from '../messages/index.ts';
import { BUCKET_FIELDS } from './bucket-fields.ts';
import { invalid } from './storage-error.ts';

/** A bucket beside its objects. */
export interface Bucket {
  /** The fields of storage#bucket that a user may write, with their defaults. Versioning and the class of objects have an effect, all else is kept alone. */
  readonly settings: Message;
  /** The project that it was made in; undefined for a bucket that an upload made. */
  readonly project?: string;
  /** Counts writes of the settings and of the policy. */
  readonly metageneration: number;
  readonly createdMicros: number;
  readonly updatedMicros: number;
  /** Bindings of its policy, when they were ever set. */
  readonly bindings?: readonly object[];
}

/** What stays as a bucket was made. */
const FIXED: ReadonlySet<string> = new Set(['location', 'customPlacementConfig', 'hierarchicalNamespace']);

/** What every bucket has. */
const DEFAULTS = { location: 'US', storageClass: 'STANDARD' };

/** A bucket as a state file has it: early ones say nothing about a bucket, or lack what every bucket has. */
export function completed(kept: Bucket | undefined): Bucket {
  const unknown = { metageneration: 1, createdMicros: 0, updatedMicros: 0 };
  return { ...unknown, ...kept, settings: { ...DEFAULTS, ...kept?.settings } };
}

/** The settings of a new bucket. What is no setting is passed over, as by the real API. */
export function newSettings(resource: Message): Message {
  return { ...DEFAULTS, ...merged({}, known(resource)) };
}

/** The settings after a patch: messages are merged, null takes away, lists are replaced. */
export function patchedSettings(before: Message, patch: Message): Message {
  const changes = Object.entries(known(patch)).filter(([field]) => !FIXED.has(field));
  return { ...DEFAULTS, ...merged(before, Object.fromEntries(changes)) };
}

/** The settings after a full write. */
export function replacedSettings(before: Message, resource: Message): Message {
  const fixed = Object.entries(before).filter(([field]) => FIXED.has(field));
  return { ...newSettings(resource), ...Object.fromEntries(fixed) };
}

export function isVersioned({ settings }: Bucket): boolean {
  return isRecord(settings['versioning']) && settings['versioning']['enabled'] === true;
}

function known(resource: Message): Message {
  const entries = Object.entries(resource).filter(([field]) => Object.hasOwn(BUCKET_FIELDS, field));
  const wrong = entries.find(([field, value]) => value !== null && BUCKET_FIELDS[field]?.(value) !== true);
  if (wrong !== undefined)
    throw invalid(`Invalid value for field "${wrong[0]}": ${JSON.stringify(wrong[1])}`);
  return Object.fromEntries(entries);
}

function merged(before: Message, patch: Message): Message {
  const entries = Object.entries({ ...before, ...patch }).map(([field, value]): [string, unknown] => {
    const old = Object.hasOwn(before, field) ? before[field] : undefined;
    return [field, isRecord(value) ? merged(isRecord(old) ? old : {}, value) : value];
  });
  return Object.fromEntries(entries.filter(([, value]) => value !== null));
}
