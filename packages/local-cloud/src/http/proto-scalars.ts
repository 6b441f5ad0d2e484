/** A scalar in the one form that we keep: 64-bit integers as text, all other numbers as numbers; undefined when it is none of its type. */
export function readScalar(type: string, value: unknown): unknown {
  return SCALARS[type]?.(value);
}

/** The types of google.protobuf that are written as text; `none` for every other message. */
export function readWellKnown(
  type: string,
  value: unknown,
): { readonly kind: 'text'; readonly value: string | undefined } | { readonly kind: 'none' } {
  const form = WELL_KNOWN[type];
  if (form === undefined) return { kind: 'none' };
  return { kind: 'text', value: typeof value === 'string' && form.test(value) ? value : undefined };
}

const WELL_KNOWN: Readonly<Record<string, RegExp>> = {
  'google.protobuf.Duration': /^-?\d{1,12}(?:\.\d{1,9})?s$/,
  'google.protobuf.Timestamp': /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:\d\d)$/,
  'google.protobuf.FieldMask': /^(?:\*|[\w.,]*)$/,
};

const SCALARS: Readonly<Record<string, (value: unknown) => unknown>> = {
  string: (value) => (typeof value === 'string' ? value : undefined),
  bytes: (value) => (typeof value === 'string' && BASE64.test(value) ? value : undefined),
  bool: (value) => (typeof value === 'boolean' ? value : undefined),
  int32: (value) => within(wholeNumber(value), 32),
  int64: (value) => within(wholeNumber(value), 64)?.toString(),
  double: (value) => realNumber(value),
  float: (value) => realNumber(value),
};

const BASE64 = /^[\w+/-]*={0,2}$/;

function wholeNumber(value: unknown): bigint | undefined {
  const text = typeof value === 'number' && Number.isSafeInteger(value) ? String(value) : value;
  return typeof text === 'string' && /^-?\d{1,19}$/.test(text) ? BigInt(text) : undefined;
}

function within(value: bigint | undefined, bits: 32): number | undefined;
function within(value: bigint | undefined, bits: 64): bigint | undefined;
function within(value: bigint | undefined, bits: 32 | 64): bigint | number | undefined {
  if (value === undefined || BigInt.asIntN(bits, value) !== value) return undefined;
  return bits === 32 ? Number(value) : value;
}

function realNumber(value: unknown): number | undefined {
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  return typeof number === 'number' && Number.isFinite(number) ? number : undefined;
}
