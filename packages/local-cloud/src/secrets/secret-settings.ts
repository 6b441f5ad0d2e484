import { timestamp } from '../control/time.ts';
import {
  badField,
  countOf,
  isRecord,
  type Message,
  messageOf,
  textMapOf,
  textOf,
} from '../messages/index.ts';
import type { SecretSettings } from './secrets.ts';

/** The fields of a Secret that a write may change: where its copies are stays for good. */
export const CHANGEABLE_FIELDS: readonly string[] = [
  'labels',
  'annotations',
  'versionAliases',
  'topics',
  'expireTime',
  'ttl',
  'rotation',
  'versionDestroyTtl',
];

/** The fields that a body may have. */
export const SECRET_FIELDS = [...CHANGEABLE_FIELDS, 'name', 'replication', 'etag', 'createTime'];

/** What a body says of a secret, as it is kept: an empty map is none; `nowMicros` is when its time to live begins. */
export function settingsOf(body: Message, nowMicros: number): SecretSettings {
  return Object.fromEntries(
    Object.entries({
      replication: replicationOf(body),
      labels: textMapOf(body, 'labels'),
      annotations: textMapOf(body, 'annotations'),
      versionAliases: aliasesOf(body),
      topics: body['topics'],
      expireTime: textOf(body, 'expireTime') ?? endOf(body, nowMicros),
      rotation: body['rotation'],
      versionDestroyTtl: durationOf(body, 'versionDestroyTtl'),
    }).filter(([, value]) => value !== undefined && !(isRecord(value) && Object.keys(value).length === 0)),
  );
}

function replicationOf(body: Message): object | undefined {
  if (body['replication'] === undefined) return undefined;
  const replication = messageOf(body['replication'], ['automatic', 'userManaged'], 'secret.replication');
  if (Object.keys(replication).length === 1) return replication;
  throw badField('secret.replication', 'The replication must be either automatic or user_managed.');
}

/** 64-bit numbers are texts, however they were written. */
function aliasesOf(body: Message): Readonly<Record<string, string>> | undefined {
  const aliases = body['versionAliases'];
  if (aliases === undefined) return undefined;
  if (!isRecord(aliases)) throw badField('secret.version_aliases', 'The version aliases must be a map.');
  return Object.fromEntries(Object.keys(aliases).map((alias) => [alias, String(countOf(aliases, alias))]));
}

function endOf(body: Message, nowMicros: number): string | undefined {
  const ttl = durationOf(body, 'ttl');
  return ttl === undefined ? undefined : timestamp(nowMicros + Number(ttl.slice(0, -1)) * 1e6);
}

function durationOf(body: Message, field: string): string | undefined {
  const duration = textOf(body, field);
  if (duration === undefined || /^\d{1,12}(?:\.\d{1,9})?s$/.test(duration)) return duration;
  throw badField(`secret.${field}`, `Illegal duration format; duration must end with 's', got "${duration}"`);
}
