import { randomUUID } from 'node:crypto';

import { artifactRegistryRoutes } from './artifact-registry/index.ts';
import { containerAnalysisRoutes } from './container-analysis/container-analysis-api.ts';
import { restRoutes } from './http/rest-routes.ts';
import type { Route } from './http/route.ts';
import { steeringRoutes } from './http/steering-api.ts';
import { guarded } from './identity/guard.ts';
import { identityRoutes } from './identity/identity-api.ts';
import { knativeRoutes } from './knative/knative-routes.ts';
import { loggingRoutes } from './logging/logging-api.ts';
import { monitoringRoutes } from './monitoring/monitoring-api.ts';
import type { Parts } from './parts.ts';
import { secretRoutes } from './secrets/secret-api.ts';
import { storageRoutes } from './storage/storage-api.ts';

/** All APIs at one origin. Artifact Registry's operations come before those of v1, which share their path. */
export function routesOf(parts: Parts, region = 'us-central1'): readonly Route[] {
  const { registry, repositories, pushRules, granted, clock } = parts;
  const routes = [
    ...steeringRoutes(parts),
    ...identityRoutes(parts.identity, parts.clock),
    ...restRoutes(parts),
    ...artifactRegistryRoutes({
      registry: registry.contents,
      host: registry.host,
      repositories,
      pushRules,
      policies: granted,
      clock,
    }),
    ...knativeRoutes(parts, region),
    ...monitoringRoutes(parts),
    ...loggingRoutes(parts.lines),
    ...secretRoutes(parts.secrets, granted),
    ...containerAnalysisRoutes(parts.occurrences, randomUUID),
    ...storageRoutes(parts.objects),
  ];
  return guarded(routes, parts.identity);
}
