import { CloudError } from '../control/cloud-error.ts';
import { getPolicy, setPolicy, testPermissions } from '../control/access/policies.ts';
import type { Policy } from '../control/policy.ts';
import { transition } from '../http/cloud.ts';
import { method, type Methods, type Permission } from './method.ts';

interface PolicyRequest {
  readonly resource?: string;
}

interface GetPolicyRequest extends PolicyRequest {
  readonly options?: { readonly requestedPolicyVersion?: number };
}

interface SetPolicyRequest extends PolicyRequest {
  readonly policy?: Policy;
  readonly updateMask?: string;
}

interface TestPermissionsRequest extends PolicyRequest {
  readonly permissions?: readonly string[];
}

/** The IAM methods of services, jobs and worker pools, and those of google.iam.v1.IAMPolicy, which take any of the three. */
export const POLICY_METHODS: Methods = {
  ...policyMethods('google.cloud.run.v2.Services', (verb) => `run.services.${verb}`),
  ...policyMethods('google.cloud.run.v2.Jobs', (verb) => `run.jobs.${verb}`),
  ...policyMethods('google.cloud.run.v2.WorkerPools', (verb) => `run.workerpools.${verb}`),
  ...policyMethods(
    'google.iam.v1.IAMPolicy',
    (verb) =>
      ({ resource }) =>
        `run.${String(resource).split('/')[4]?.toLowerCase() ?? 'services'}.${verb}`,
  ),
};

function policyMethods(service: string, permission: (verb: string) => Permission): Methods {
  return {
    [`${service}.GetIamPolicy`]: method(permission('getIamPolicy'), (request: GetPolicyRequest, { world }) =>
      getPolicy(world, resourceIn(request), request.options?.requestedPolicyVersion),
    ),
    [`${service}.SetIamPolicy`]: method(permission('setIamPolicy'), (request: SetPolicyRequest, call) => {
      const { policy, updateMask } = request;
      if (policy === undefined) throw new CloudError('INVALID_ARGUMENT', 'Policy should be set.');
      const wanted = { resource: resourceIn(request), policy };
      return transition(call, (world) =>
        setPolicy(world, { ...wanted, ...(updateMask === undefined ? {} : { updateMask }) }),
      );
    }),
    [`${service}.TestIamPermissions`]: method(
      undefined,
      (request: TestPermissionsRequest, { world, caller }) => {
        const about = { resource: resourceIn(request), caller };
        const permissions = testPermissions(world, about, request.permissions ?? []);
        return permissions.length === 0 ? {} : { permissions };
      },
    ),
  };
}

const RESOURCE = /^projects\/[^/]+\/locations\/[^/]+\/(?:services|jobs|workerPools)\/[^/]+$/;

function resourceIn({ resource = '' }: PolicyRequest): string {
  if (RESOURCE.test(resource)) return resource;
  throw new CloudError(
    'INVALID_ARGUMENT',
    `resource must name a service, a job or a worker pool in full, got '${resource}'`,
  );
}
