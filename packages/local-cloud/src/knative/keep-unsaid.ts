import { canonical } from '../control/canonical.ts';
import { listOf, type Message, messageOf } from './mapping.ts';

/** What a v1 writer saw of a resource, and what it wrote. */
export interface Rewrite {
  /** The resource as v2 has it. */
  readonly stored: Message;
  /** The same after its way to v1 and back: it lacks what v1 cannot say. */
  readonly seen: Message;
  readonly written: Message;
}

/** What was written, and where the writer left a thing as it saw it, the stored value with all that v1 cannot say of it. */
export function keepUnsaid({ stored, seen, written }: Rewrite): Message {
  return messageOf(merged(stored, seen, written));
}

function merged(stored: unknown, seen: unknown, written: unknown): unknown {
  if (canonical(seen ?? null) === canonical(written ?? null)) return stored;
  if (isMessage(stored) && isMessage(written)) return mergedMessages(stored, messageOf(seen), written);
  const before = listOf(stored);
  const after = listOf(written);
  if (before.length === 0 || before.length !== after.length) return written;
  return after.map((item, index) => merged(before[index], listOf(seen)[index], item));
}

function mergedMessages(stored: Message, seen: Message, written: Message): Message {
  const fields = new Set([...Object.keys(written), ...Object.keys(stored)]);
  const entries = [...fields].map(
    (field) => [field, merged(stored[field], seen[field], written[field])] as const,
  );
  return Object.fromEntries(entries.filter(([, value]) => value !== undefined));
}

function isMessage(value: unknown): value is Message {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
