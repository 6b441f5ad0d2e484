import { CloudError } from '../control/cloud-error.ts';
import { deleteOperation, getOperation, listOperations, type Operation } from '../control/operations.ts';
import { durationSeconds } from '../control/time.ts';
import { readJson } from '../http/query.ts';
import type { Route } from '../http/route.ts';
import { waitForOperation } from '../v2/wait-for-operation.ts';
import { executionToV1 } from './execution-message.ts';
import { jobToV1 } from './job-message.ts';
import { type Call, type KnativeCloud, located, type Target } from './knative-route.ts';
import { type Message, messageOf, textOf } from './mapping.ts';
import { readV1 } from './read-v1.ts';
import { revisionToV1 } from './revision-message.ts';
import { serviceToV1 } from './service-message.ts';
import { workerPoolToV1 } from './worker-pool-message.ts';

/** A wait without a timeout ends by itself, so that no connection is held for ever. */
const DEFAULT_WAIT_SECONDS = 60;

/** The operations of all writes, v1's and v2's alike, with what they are about in the words of v1. */
export function operationRoutes(cloud: KnativeCloud): readonly Route[] {
  const { world } = cloud;
  const nameOf = ({ parent, name }: Target) => `${parent}/operations/${name}`;
  return [
    located(
      cloud,
      { ...call('ListOperations', 'list'), method: 'GET', path: 'operations' },
      ({ parent }) => ({
        status: 200,
        body: { operations: listOperations(world, parent).map(operationToV1) },
      }),
    ),
    located(cloud, { ...call('GetOperation', 'get'), method: 'GET', path: 'operations/*' }, (target) => ({
      status: 200,
      body: operationToV1(getOperation(world, nameOf(target))),
    })),
    located(
      cloud,
      { ...call('DeleteOperation', 'delete'), method: 'DELETE', path: 'operations/*' },
      (target) => {
        deleteOperation(world, nameOf(target));
        return { status: 200, body: {} };
      },
    ),
    located(
      cloud,
      { ...call('WaitOperation', 'get'), method: 'POST', path: 'operations/*:wait' },
      async (target) => {
        const { signal } = target.request;
        const seconds = timeoutOf(readV1('WaitOperationRequest', readJson(target.request)));
        const operation = await waitForOperation({ ...cloud, signal }, nameOf(target), seconds);
        return { status: 200, body: operationToV1(operation) };
      },
    ),
  ];
}

function call(method: string, verb: string): Pick<Call, 'rpc' | 'permission'> {
  return { rpc: `Operations.${method}`, permission: `run.operations.${verb}` };
}

function operationToV1({ name, metadata, done, response, error }: Operation): Message {
  return {
    name,
    metadata: resourceToV1(metadata, name),
    ...(done === undefined ? {} : { done }),
    ...(response === undefined ? {} : { response: resourceToV1(response, name) }),
    ...(error === undefined ? {} : { error }),
  };
}

function resourceToV1(resource: object, operation: string): Message {
  const message = messageOf(resource);
  const type = textOf(message['@type']).split('.').at(-1) ?? '';
  const convert = CONVERT[type];
  return convert === undefined
    ? message
    : { '@type': `type.googleapis.com/google.cloud.run.v1.${type}`, ...convert(message, operation) };
}

const CONVERT: Readonly<Record<string, (message: Message, operation: string) => Message>> = {
  Service: serviceToV1,
  Job: jobToV1,
  WorkerPool: workerPoolToV1,
  Revision: (revision, operation) => revisionToV1(revision, { operation }),
  Execution: (execution) => executionToV1(execution, {}),
};

function timeoutOf({ timeout }: Message): number {
  if (timeout === undefined) return DEFAULT_WAIT_SECONDS;
  if (typeof timeout === 'string' && /^\d+(?:\.\d+)?s$/.test(timeout)) return durationSeconds(timeout);
  throw new CloudError(
    'INVALID_ARGUMENT',
    `Invalid value at 'timeout' (type.googleapis.com/google.protobuf.Duration), ${JSON.stringify(timeout)}`,
  );
}
