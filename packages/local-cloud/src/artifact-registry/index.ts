import type { Clock } from '@fairlead/action-kit';

import type { Route } from '../http/route.ts';
import type { Policies } from '../policies/policies.ts';
import type { Registry } from '../registry/index.ts';
import { cleanUpRoute } from './clean-up.ts';
import { dockerImageRoutes } from './docker-image-api.ts';
import { pushRulesRoutes } from './push-rules-api.ts';
import type { PushRules } from './push-rules.ts';
import { artifactOperations } from './operations.ts';
import { packageRoutes } from './package-api.ts';
import { repositoriesOf, type RepositoryRecord } from './repositories.ts';
import { repositoryRoutes } from './repository-api.ts';
import { tagRoutes } from './tag-api.ts';

export { type PushRules, pushRules } from './push-rules.ts';
export type { RepositoryRecord } from './repositories.ts';

/** Artifact Registry, v1, over what the OCI registry holds: `PROJECT/REPOSITORY/IMAGE` is the package IMAGE of the repository. */
export function artifactRegistryRoutes(options: {
  readonly registry: Registry;
  readonly host: string;
  readonly clock: Clock;
  /** The repositories that were made, by name. */
  readonly repositories: Map<string, RepositoryRecord>;
  readonly pushRules: PushRules;
  readonly policies: Policies;
}): readonly Route[] {
  const artifacts = {
    ...options,
    repositories: repositoriesOf(options.registry, options.repositories),
    operations: artifactOperations(),
  };
  return [
    cleanUpRoute(artifacts),
    ...pushRulesRoutes(options.pushRules),
    ...repositoryRoutes(artifacts),
    ...dockerImageRoutes(artifacts),
    ...tagRoutes(artifacts),
    ...packageRoutes(artifacts),
  ];
}
