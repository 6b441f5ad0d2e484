import { CloudError } from './cloud-error.ts';

/** Quoted base64url of the update time as a google.protobuf.Timestamp, a slash, base64url of the resource's name. */
export function etagOf(updateMicros: number, name: string): string {
  return `"${timestampBytes(updateMicros).toString('base64url')}/${Buffer.from(name).toString('base64url')}"`;
}

/** Throws ABORTED when an etag was given and is not the current one; an empty one asks for nothing. */
export function checkEtag(
  given: string | undefined,
  current: { readonly name: string; readonly updateMicros: number },
): void {
  if (given === undefined || given === '') return;
  if (given === etagOf(current.updateMicros, current.name)) return;
  const short = current.name.slice(current.name.lastIndexOf('/') + 1);
  throw new CloudError(
    'ABORTED',
    `Conflict for resource '${short}': version '${versionOf(given)}' was specified but current version is '${current.updateMicros}'.`,
  );
}

/** The microseconds that an etag names, or its own text when it is none of ours. */
function versionOf(etag: string): string {
  const bytes = Buffer.from(etag.replaceAll('"', '').split('/')[0] ?? '', 'base64url');
  const [seconds, afterSeconds] = readField(bytes, 0, 0x08);
  const [nanos, end] = readField(bytes, afterSeconds, 0x10);
  const isTimestamp = bytes.length > 0 && end === bytes.length && seconds > 0;
  return isTimestamp ? String(seconds * 1_000_000 + Math.floor(nanos / 1000)) : etag;
}

function timestampBytes(micros: number): Buffer {
  const seconds = Math.floor(micros / 1_000_000);
  const nanos = (micros % 1_000_000) * 1000;
  return Buffer.from([0x08, ...varint(seconds), ...(nanos === 0 ? [] : [0x10, ...varint(nanos)])]);
}

function varint(value: number): number[] {
  const bytes: number[] = [];
  for (let rest = value; ; rest = Math.floor(rest / 128)) {
    if (rest < 128) return [...bytes, rest];
    bytes.push((rest % 128) + 128);
  }
}

/** The value and where the next field begins; 0 and the same place when the field is not there. */
function readField(bytes: Buffer, at: number, tag: number): readonly [number, number] {
  if (bytes[at] !== tag) return [0, at];
  let value = 0;
  let scale = 1;
  for (let next = at + 1; next < bytes.length; next += 1) {
    const byte = bytes.readUInt8(next);
    value += (byte % 128) * scale;
    scale *= 128;
    if (byte < 128) return [value, next + 1];
  }
  return [0, at];
}
