/**
 * The same text as one run of bytes of its own. What V8 makes by joining or slicing stays a tree of its parts, each of 32 bytes (a UUID has sixteen),
 * and holds on to what it was cut from: texts that are kept for long are worth a copy.
 */
export function flatText(text: string): string {
  return Buffer.from(text).toString();
}
