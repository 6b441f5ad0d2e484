import { projectNumber } from '../control/names.ts';
import { timestamp } from '../control/time.ts';
import { isRecord, type Message } from '../messages/index.ts';
import type { Bucket } from './bucket.ts';

/** How long a bucket's uniform access can still be undone. */
const LOCKED_AFTER_MICROS = 90 * 86_400 * 1e6;

/** storage#bucket as the JSON API writes it. `origin` is the server's own, for links. */
export function bucketView(name: string, bucket: Bucket, origin: string): object {
  const { settings, project, metageneration, createdMicros, updatedMicros } = bucket;
  const location = String(settings['location']).toUpperCase();
  const type = locationTypeOf(location, settings);
  return {
    kind: 'storage#bucket',
    id: name,
    name,
    selfLink: `${origin}/storage/v1/b/${name}`,
    ...(project === undefined ? {} : { projectNumber: projectNumber(project) }),
    metageneration: String(metageneration),
    etag: bucketEtag(metageneration),
    timeCreated: milliseconds(createdMicros),
    updated: milliseconds(updatedMicros),
    ...(type === 'region' ? {} : { rpo: 'DEFAULT' }),
    ...settings,
    location,
    locationType: type,
    softDeletePolicy: softDeletePolicyOf(settings, createdMicros),
    iamConfiguration: iamConfigurationOf(settings, createdMicros),
    ...lifecycleOf(settings),
  };
}

/** A protobuf message whose field 1 is the metageneration, in base64: "CAE=" for the first. */
export function bucketEtag(metageneration: number): string {
  const bytes = [8];
  for (let rest = metageneration; rest > 0; rest = Math.floor(rest / 128))
    bytes.push(rest < 128 ? rest : (rest % 128) + 128);
  return Buffer.from(bytes).toString('base64');
}

function locationTypeOf(location: string, settings: Message): string {
  if (isRecord(settings['customPlacementConfig'])) return 'dual-region';
  if (['US', 'EU', 'ASIA'].includes(location)) return 'multi-region';
  return /^[A-Z]+\d+$/.test(location) ? 'dual-region' : 'region';
}

// Seven days unless told; 0 switches it off, and then nothing takes effect.
function softDeletePolicyOf({ softDeletePolicy }: Message, createdMicros: number): object {
  const { retentionDurationSeconds = 604_800 } = isRecord(softDeletePolicy) ? softDeletePolicy : {};
  const seconds = String(retentionDurationSeconds);
  return {
    retentionDurationSeconds: seconds,
    ...(seconds === '0' ? {} : { effectiveTime: milliseconds(createdMicros) }),
  };
}

function iamConfigurationOf({ iamConfiguration }: Message, createdMicros: number): object {
  const given = isRecord(iamConfiguration) ? iamConfiguration : {};
  const uniform = isUniform({ iamConfiguration })
    ? { enabled: true, lockedTime: milliseconds(createdMicros + LOCKED_AFTER_MICROS) }
    : { enabled: false };
  return {
    publicAccessPrevention: 'inherited',
    ...given,
    bucketPolicyOnly: uniform,
    uniformBucketLevelAccess: uniform,
  };
}

/** Whether policies alone say who may read and write the objects. */
export function isUniform({ iamConfiguration }: Message): boolean {
  const { uniformBucketLevelAccess } = isRecord(iamConfiguration) ? iamConfiguration : {};
  return isRecord(uniformBucketLevelAccess) && uniformBucketLevelAccess['enabled'] === true;
}

/** Without a rule there is no lifecycle. */
function lifecycleOf({ lifecycle }: Message): object {
  const rules = isRecord(lifecycle) ? lifecycle['rule'] : undefined;
  return Array.isArray(rules) && rules.length > 0 ? { lifecycle } : { lifecycle: undefined };
}

function milliseconds(micros: number): string {
  return `${timestamp(micros).slice(0, -4)}Z`;
}
