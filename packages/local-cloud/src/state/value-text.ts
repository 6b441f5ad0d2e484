/** Where bytes go that are too many for a line. */
export interface ByteStore {
  /** The name under which the bytes can be read again. */
  readonly put: (bytes: Uint8Array) => string;
  readonly get: (name: string) => Buffer;
}

const INLINE_BYTES = 4096;

/** JSON that carries, besides what JSON has, maps, sets, bytes and big integers, as objects of one key that begins with `$`. */
export function toText(value: unknown, bytes: ByteStore): string {
  return JSON.stringify(value, function (this: unknown, key: string, plain: unknown) {
    // Bytes have been turned into something else by their toJSON when they come here.
    const original = typeof plain === 'object' ? (this as Readonly<Record<string, unknown>>)[key] : plain;
    return tagged(original, bytes);
  });
}

/** Throws what JSON.parse throws. */
export function fromText(text: string, bytes: ByteStore): unknown {
  return JSON.parse(text, (_, value: unknown) => untagged(value, bytes));
}

function tagged(value: unknown, bytes: ByteStore): unknown {
  if (typeof value === 'bigint') return { $bigint: String(value) };
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  if (value instanceof Map) return { $map: [...(value as ReadonlyMap<unknown, unknown>)] };
  if (value instanceof Set) return { $set: [...(value as ReadonlySet<unknown>)] };
  if (value instanceof Uint8Array)
    return value.byteLength <= INLINE_BYTES
      ? { $bytes: Buffer.from(value).toString('base64') }
      : { $blob: bytes.put(value) };
  return isAmbiguous(value) ? { $object: Object.entries(value) } : value;
}

const TAGS = new Set(['$bigint', '$map', '$set', '$bytes', '$blob', '$object']);

/** Whether an object of somebody else's looks like one of ours. */
function isAmbiguous(value: object): boolean {
  for (const key in value) if (TAGS.has(key)) return true;
  return false;
}

function untagged(value: unknown, bytes: ByteStore): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  for (const key in value)
    return TAGS.has(key) ? ofTag(key, (value as Readonly<Record<string, unknown>>)[key], bytes) : value;
  return value;
}

function ofTag(tag: string, content: unknown, bytes: ByteStore): unknown {
  switch (tag) {
    case '$map':
      return new Map(content as readonly [unknown, unknown][]);
    case '$set':
      return new Set(content as readonly unknown[]);
    case '$object':
      return Object.fromEntries(content as readonly [string, unknown][]);
    case '$bytes':
      return Buffer.from(String(content), 'base64');
    case '$blob':
      return bytes.get(String(content));
    default:
      return BigInt(String(content));
  }
}
