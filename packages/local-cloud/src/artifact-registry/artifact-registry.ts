import type { Clock } from '@fairlead/action-kit';

import type { Policies } from '../policies/policies.ts';
import type { Registry } from '../registry/index.ts';
import type { ArtifactOperations } from './operations.ts';
import type { Repositories } from './repositories.ts';

/** What the calls of Artifact Registry work on: the content of the OCI registry, seen as repositories, packages, versions and tags. */
export interface ArtifactRegistry {
  readonly registry: Registry;
  /** Host and port of the OCI registry. */
  readonly host: string;
  readonly repositories: Repositories;
  readonly operations: ArtifactOperations;
  readonly clock: Clock;
  readonly policies: Policies;
}
