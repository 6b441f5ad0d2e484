import type { Clock } from '@fairlead/action-kit';

import type { Route } from '../http/route.ts';
import type { Policies } from '../policies/policies.ts';
import type { Registry } from '../registry/index.ts';
import { dockerImageRoutes } from './docker-image-api.ts';
import { artifactOperations } from './operations.ts';
import { packageRoutes } from './package-api.ts';
import { repositoriesOf, type RepositoryRecord } from './repositories.ts';
import { repositoryRoutes } from './repository-api.ts';
import { tagRoutes } from './tag-api.ts';

export type { RepositoryRecord } from './repositories.ts';

/** Artifact Registry, v1, over what the OCI registry holds: `PROJECT/REPOSITORY/IMAGE` is the package IMAGE of the repository. */
export function artifactRegistryRoutes(options: {
  readonly registry: Registry;
  readonly host: string;
  readonly clock: Clock;
  readonly policies: Policies;
  /** Repositories that were made, by name. */
  readonly made: Map<string, RepositoryRecord>;
}): readonly Route[] {
  const artifacts = {
    ...options,
    repositories: repositoriesOf(options.registry, options.made),
    operations: artifactOperations(),
  };
  return [
    ...repositoryRoutes(artifacts),
    ...dockerImageRoutes(artifacts),
    ...tagRoutes(artifacts),
    ...packageRoutes(artifacts),
  ];
}
