import { CloudError } from '../control/cloud-error.ts';
import { deleteOperation, getOperation, listOperations, type Operation } from '../control/operations.ts';
import { pageOf } from '../control/paging.ts';
import { durationSeconds } from '../control/time.ts';
import type { Cloud } from './cloud.ts';
import { page, readJson, readQuery } from './query.ts';
import { encodedOperation, operationReply } from './replies.ts';
import { type ApiRequest, resourceRoute, type Route } from './route.ts';

const OPERATIONS = '/v2/projects/*/locations/*/operations';
/** A wait without a timeout ends by itself, as the real one does, so that no connection is held for ever. */
const DEFAULT_WAIT_SECONDS = 60;

/** google.longrunning.Operations. */
export function operationRoutes(cloud: Cloud): readonly Route[] {
  const { world } = cloud;
  return [
    resourceRoute('GET', OPERATIONS, (request, collection) => {
      const query = readQuery(request, ['pageSize', 'pageToken', 'filter']);
      const operations = listOperations(world, collection.slice(0, -'/operations'.length));
      const { items, ...rest } = pageOf(operations, ({ name }) => name, page(query));
      const shown = items.map((operation) => encodedOperation(request, operation));
      return { status: 200, body: { ...(shown.length === 0 ? {} : { operations: shown }), ...rest } };
    }),
    resourceRoute('GET', `${OPERATIONS}/*`, (request, name) =>
      operationReply(request, getOperation(world, name)),
    ),
    resourceRoute('DELETE', `${OPERATIONS}/*`, (_, name) => {
      deleteOperation(world, name);
      return { status: 200, body: {} };
    }),
    resourceRoute('POST', `${OPERATIONS}/*:wait`, async (request, name) =>
      operationReply(request, await waitFor(cloud, name, request)),
    ),
  ];
}

/** The operation when it is done, or as it is when the time is up. */
async function waitFor(cloud: Cloud, name: string, request: ApiRequest): Promise<Operation> {
  const seconds = timeoutSeconds(request);
  const expired = new AbortController();
  const answered = new AbortController();
  const signal = AbortSignal.any([expired.signal, request.signal]);
  const timer = cloud.clock.sleep(seconds * 1000, answered.signal).then(
    () => {
      expired.abort();
    },
    () => undefined,
  );
  try {
    for (;;) {
      const operation = getOperation(cloud.world, name);
      if (operation.done || signal.aborted) return operation;
      await cloud.performer.change(signal);
    }
  } finally {
    answered.abort(new Error('answered'));
    await timer;
  }
}

function timeoutSeconds(request: ApiRequest): number {
  const body = readJson(request);
  const timeout = typeof body === 'object' && body !== null && 'timeout' in body ? body.timeout : undefined;
  if (timeout === undefined) return DEFAULT_WAIT_SECONDS;
  if (typeof timeout !== 'string' || !/^\d+(?:\.\d+)?s$/.test(timeout))
    throw new CloudError(
      'INVALID_ARGUMENT',
      `Invalid value at 'timeout' (type.googleapis.com/google.protobuf.Duration), ${JSON.stringify(timeout)}`,
    );
  return durationSeconds(timeout);
}
