import { CloudError } from '../control/cloud-error.ts';
import type { Cloud } from '../http/cloud.ts';
import type { Route } from '../http/route.ts';
import { executionRoutes } from './executions-api.ts';
import { jobRoutes } from './jobs-api.ts';
import type { KnativeCloud } from './knative-route.ts';
import { operationRoutes } from './operations-api.ts';
import { policyRoutes } from './policies-api.ts';
import { projectRoutes } from './projects-api.ts';
import { projectsOf } from './projects.ts';
import { revisionRoutes } from './revisions-api.ts';
import { serviceRoutes } from './services-api.ts';
import { viewRoutes } from './views-api.ts';
import { workerPoolRoutes } from './worker-pools-api.ts';

/** Cloud Run's v1 API, which gcloud speaks, over the same store as v2, and what gcloud asks of the APIs around it. */
export function knativeRoutes(
  { world, performer, clock, apis }: Cloud & Pick<KnativeCloud, 'apis'>,
  region: string,
): readonly Route[] {
  const knative: KnativeCloud = {
    world,
    performer,
    clock,
    region,
    projects: projectsOf(world),
    apis,
  };
  return [
    ...serviceRoutes(knative),
    ...revisionRoutes(knative),
    ...jobRoutes(knative),
    ...executionRoutes(knative),
    ...workerPoolRoutes(knative),
    ...viewRoutes(knative),
    ...operationRoutes(knative),
    ...policyRoutes(knative),
    ...projectRoutes(knative),
    nothingElse,
  ];
}

/** Below `/apis/` there is nothing else, and no bucket of that name either. */
const nothingElse: Route = {
  method: 'GET',
  pattern: /^\/apis\//,
  handle: ({ path }) => {
    throw new CloudError('NOT_FOUND', `The requested URL ${path} was not found on this server.`);
  },
};
