import { createHash } from 'node:crypto';

import { ActionFailure } from '@fairlead/action-kit';

export function digestOf(bytes: Uint8Array | string, algorithm = 'sha256'): string {
  return `${algorithm}:${createHash(algorithm).update(bytes).digest('hex')}`;
}

/** Throws when bytes are others than their digest says: they were changed on the way, or the registry is wrong. */
export function checkDigest(bytes: Uint8Array, digest: string, what: string): void {
  const found = digestOf(bytes, algorithmOf(digest));
  if (found !== digest)
    throw new ActionFailure(`${what} has digest ${found}, expected ${digest}; nothing of it is used`);
}

/** The chunks as they come; ends with an error when they are others than their digest says. */
export async function* checkedChunks(
  chunks: AsyncIterable<Uint8Array>,
  digest: string,
  what: string,
): AsyncGenerator<Uint8Array> {
  const hash = createHash(algorithmOf(digest));
  for await (const chunk of chunks) {
    hash.update(chunk);
    yield chunk;
  }
  const found = `${algorithmOf(digest)}:${hash.digest('hex')}`;
  if (found !== digest)
    throw new ActionFailure(`${what} has digest ${found}, expected ${digest}; nothing of it is used`);
}

function algorithmOf(digest: string): string {
  return digest.slice(0, digest.indexOf(':'));
}
