import { createHash } from 'node:crypto';

/** All that decides what a packed image is. */
export interface PackedContent {
  /** Digest of the base image; absent for scratch. */
  readonly base?: string;
  readonly platform: string;
  /** Digest of the layer that is laid on the base; it covers names, modes and bytes. */
  readonly layer: string;
  readonly workdir: string;
  readonly command: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly user?: string;
}

/** 64 hex digits that are the same for the same content, whatever the commit, the machine or the order of the environment. */
export function contentKey({ base, platform, layer, workdir, command, env, user }: PackedContent): string {
  const sorted = Object.entries(env).sort(([one], [other]) => (one < other ? -1 : 1));
  // A list, not an object: its order is part of the key, and absence is not the same as emptiness.
  const parts = ['pack/1', base ?? false, platform, layer, workdir, command, sorted, user ?? false];
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex');
}
