import { isRecord } from '../../messages/index.ts';

/** Whole numbers are integers in CEL, which has them apart from doubles. */
export function celValueOf(json: unknown): unknown {
  return withLeaves(json, (leaf) => (Number.isSafeInteger(leaf) ? BigInt(leaf as number) : leaf));
}

export function plainValueOf(value: unknown): unknown {
  return withLeaves(value, (leaf) => (typeof leaf === 'bigint' ? Number(leaf) : leaf));
}

function withLeaves(value: unknown, change: (leaf: unknown) => unknown): unknown {
  if (Array.isArray(value)) return value.map((item) => withLeaves(item, change));
  if (!isRecord(value) || Object.getPrototypeOf(value) !== Object.prototype) return change(value);
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, withLeaves(item, change)]));
}
