import { etagOf } from '../control/etag.ts';

/** The eight bytes of the microseconds, big end first, in base64 without its padding: `AAYrsUpyFa4`. */
export function resourceVersionOf(micros: number): string {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64BE(BigInt(micros));
  return bytes.toString('base64').replace(/=+$/, '');
}

/** The etag that stands for a resource version, so that v1 and v2 writers meet in one check; text that is no version stays as it is. */
export function etagOfVersion(resourceVersion: string, name: string): string {
  const bytes = Buffer.from(resourceVersion, 'base64');
  const micros = bytes.length === 8 ? Number(bytes.readBigUInt64BE()) : 0;
  return micros > 0 && Number.isSafeInteger(micros) ? etagOf(micros, name) : resourceVersion;
}

/** Microseconds of an RFC 3339 timestamp with six digits. */
export function microsOf(timestamp: string): number {
  const [whole = '', fraction = ''] = timestamp.replace('Z', '').split('.');
  return Date.parse(`${whole}Z`) * 1000 + Number(fraction.padEnd(6, '0'));
}
