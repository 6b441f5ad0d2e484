import { EXECUTION_METHODS } from './execution-methods.ts';
import { JOB_METHODS } from './job-methods.ts';
import type { Methods } from './method.ts';
import { OPERATION_METHODS } from './operation-methods.ts';
import { POLICY_METHODS } from './policy-methods.ts';
import { REVISION_METHODS } from './revision-methods.ts';
import { SERVICE_METHODS } from './service-methods.ts';
import { unimplementedBeside } from './unimplemented-methods.ts';
import { WORKER_POOL_METHODS } from './worker-pool-methods.ts';

const IMPLEMENTED: Methods = {
  ...SERVICE_METHODS,
  ...REVISION_METHODS,
  ...JOB_METHODS,
  ...EXECUTION_METHODS,
  ...WORKER_POOL_METHODS,
  ...POLICY_METHODS,
  ...OPERATION_METHODS,
};

/** Every RPC of the v2 API, of long-running operations and of IAM by its full name. REST and gRPC are generated from this table. */
export const METHODS: Methods = { ...IMPLEMENTED, ...unimplementedBeside(IMPLEMENTED) };
