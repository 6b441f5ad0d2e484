import { CloudError } from '../control/cloud-error.ts';
import { deleteOperation, getOperation, listOperations, type Operation } from '../control/operations.ts';
import { pageOf } from '../control/paging.ts';
import { durationSeconds } from '../control/time.ts';
import { method, type Methods } from './method.ts';
import { listReply, type ListRequest, type NameRequest, pageIn } from './requests.ts';
import { waitForOperation } from './wait-for-operation.ts';

const OPERATIONS = 'google.longrunning.Operations';
/** A wait without a timeout ends by itself, as the real one does, so that no connection is held for ever. */
const DEFAULT_WAIT = '60s';

interface ListOperationsRequest extends Omit<ListRequest, 'parent'>, NameRequest {
  readonly filter?: string;
}

interface WaitOperationRequest extends NameRequest {
  readonly timeout?: string;
}

/** google.longrunning.Operations; the real Cloud Run has no CancelOperation either. */
export const OPERATION_METHODS: Methods = {
  [`${OPERATIONS}.ListOperations`]: method(
    'run.operations.list',
    (request: ListOperationsRequest, { world }) => {
      const operations = listOperations(world, request.name ?? '').filter(filterIn(request));
      return listReply(
        'operations',
        pageOf(operations, ({ name }) => name, pageIn(request)),
      );
    },
  ),
  [`${OPERATIONS}.GetOperation`]: method('run.operations.get', ({ name = '' }: NameRequest, { world }) =>
    getOperation(world, name),
  ),
  [`${OPERATIONS}.DeleteOperation`]: method(
    'run.operations.delete',
    ({ name = '' }: NameRequest, { world }) => {
      deleteOperation(world, name);
      return {};
    },
  ),
  [`${OPERATIONS}.WaitOperation`]: method(
    'run.operations.get',
    ({ name = '', timeout = DEFAULT_WAIT }: WaitOperationRequest, call) =>
      waitForOperation(call, name, durationSeconds(timeout)),
  ),
};

/** Throws INVALID_ARGUMENT for a filter other than those that Cloud Run documents. */
function filterIn({ filter = '' }: ListOperationsRequest): (operation: Operation) => boolean {
  const match = /^(?:done:(true|false))?$/.exec(filter.trim());
  if (match === null)
    throw new CloudError(
      'INVALID_ARGUMENT',
      `filter must be 'done:true', 'done:false' or empty, got '${filter}'`,
    );
  const [, done] = match;
  return (operation) => done === undefined || String(operation.done ?? false) === done;
}
