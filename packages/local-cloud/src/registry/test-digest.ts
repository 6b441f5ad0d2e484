import { createHash } from 'node:crypto';

/** For tests: the digest of content, as registries write it. */
export function digestOf(content: string | Buffer, algorithm = 'sha256'): string {
  return `${algorithm}:${createHash(algorithm).update(content).digest('hex')}`;
}
