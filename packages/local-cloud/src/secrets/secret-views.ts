import { timestamp } from '../control/time.ts';
import { crc32c } from '../storage/checksums.ts';
import type { Secret, SecretVersion } from './secrets.ts';

/** google.cloud.secretmanager.v1.Secret; `parent` is the project under whose name it was asked for. */
export function secretView(parent: string, secret: Secret): object {
  return {
    name: `${parent}/secrets/${secret.name}`,
    createTime: timestamp(secret.createMicros),
    etag: etagOf(secret),
    ...secret.settings,
  };
}

/** google.cloud.secretmanager.v1.SecretVersion; never with its payload. */
export function versionView(secretName: string, version: SecretVersion, { settings }: Secret): object {
  return {
    name: `${secretName}/versions/${version.number}`,
    createTime: timestamp(version.createMicros),
    state: version.state,
    ...(version.state === 'DESTROYED' ? { destroyTime: timestamp(version.updateMicros) } : {}),
    replicationStatus: replicationStatusOf(settings.replication),
    ...(version.isChecked === true ? { clientSpecifiedPayloadChecksum: true } : {}),
    etag: etagOf(version),
  };
}

/** A version is wherever its secret is. */
function replicationStatusOf(replication: object = {}): object {
  const { userManaged } = replication as UserManaged;
  if (userManaged === undefined) return { automatic: {} };
  return { userManaged: { replicas: (userManaged.replicas ?? []).map(({ location }) => ({ location })) } };
}

interface UserManaged {
  readonly userManaged?: { readonly replicas?: readonly { readonly location?: string }[] };
}

export function accessView(secretName: string, { number, payload }: SecretVersion): object {
  return {
    name: `${secretName}/versions/${number}`,
    payload: { data: payload.toString('base64'), dataCrc32c: checksumOf(payload) },
  };
}

/** CRC-32C as a decimal number, as Secret Manager writes it. */
export function checksumOf(payload: Buffer): string {
  return String(Buffer.from(crc32c(payload), 'base64').readUInt32BE());
}

export function etagOf({ updateMicros }: { readonly updateMicros: number }): string {
  return `"${updateMicros.toString(16)}"`;
}
