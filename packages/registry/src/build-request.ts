import type { Clock, Environment, Log } from '@fairlead/action-kit';
import type { ImageReference } from '@fairlead/images';
import type { Pack } from '@fairlead/manifest';

import type { CredentialsFor } from './credentials.ts';
import type { RegistryClient } from './registry-client.ts';

/** One image to be built, and pushed or not. */
export interface BuildRequest {
  readonly image: ImageReference & { readonly tag: string };
  /** Absolute folder. */
  readonly context: string;
  /** Absolute path. */
  readonly dockerfile: string;
  readonly target?: string;
  /** Arguments of the Dockerfile; variables of the prepare command. */
  readonly args: Readonly<Record<string, string>>;
  /** Such as `linux/amd64`. */
  readonly platforms: readonly string[];
  readonly labels: Readonly<Record<string, string>>;
  readonly pack?: Pack;
  /** Whether anything is written to the registry. */
  readonly push: boolean;
}

export interface Built {
  /** Of what the tag names; absent when nothing was pushed and the builder knows no digest. */
  readonly digest?: string;
  /** Of the image for the first platform: another one than `digest` when that is an index. */
  readonly platformDigest?: string;
  /** Bytes of all layers as they are stored; absent when the builder does not know. */
  readonly sizeBytes?: number;
  /** What a person would type to do the same. */
  readonly commands: readonly string[];
}

/** What builders work with. */
export interface BuildTools {
  readonly client: RegistryClient;
  readonly credentialsFor: CredentialsFor;
  readonly env: Environment;
  readonly log: Log;
  readonly clock: Clock;
  readonly signal?: AbortSignal;
}
