import { createHash } from 'node:crypto';

const TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let value = byte;
  for (let bit = 0; bit < 8; bit += 1) value = value & 1 ? (value >>> 1) ^ 0x82f63b78 : value >>> 1;
  return value >>> 0;
});

/** CRC-32C (Castagnoli), big-endian, in base64, as Cloud Storage writes it. */
export function crc32c(content: Buffer): string {
  let crc = 0xffffffff;
  for (const byte of content) crc = (crc >>> 8) ^ (TABLE[(crc ^ byte) & 0xff] ?? 0);
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE((crc ^ 0xffffffff) >>> 0);
  return bytes.toString('base64');
}

export interface Checksums {
  /** Both in base64. */
  readonly crc32c: string;
  readonly md5: string;
}

const known = new WeakMap<Buffer, Checksums>();

/** Reckoned once for each content: lists ask for those of all objects. The content must not change. */
export function checksumsOf(content: Buffer): Checksums {
  const found = known.get(content);
  if (found !== undefined) return found;
  const made = { crc32c: crc32c(content), md5: createHash('md5').update(content).digest('base64') };
  known.set(content, made);
  return made;
}
