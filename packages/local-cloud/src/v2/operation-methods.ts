import { deleteOperation, getOperation, listOperations } from '../control/operations.ts';
import { pageOf } from '../control/paging.ts';
import { durationSeconds } from '../control/time.ts';
import { method, type Methods } from './method.ts';
import { listReply, type ListRequest, type NameRequest, pageIn } from './requests.ts';
import { waitForOperation } from './wait-for-operation.ts';

const OPERATIONS = 'google.longrunning.Operations';
/** A wait without a timeout ends by itself, as the real one does, so that no connection is held for ever. */
const DEFAULT_WAIT = '60s';

interface ListOperationsRequest extends Omit<ListRequest, 'parent'>, NameRequest {}

interface WaitOperationRequest extends NameRequest {
  readonly timeout?: string;
}

/** google.longrunning.Operations; the real Cloud Run has no CancelOperation either. */
export const OPERATION_METHODS: Methods = {
  [`${OPERATIONS}.ListOperations`]: method(
    'run.operations.list',
    (request: ListOperationsRequest, { world }) => {
      const operations = listOperations(world, request.name ?? '');
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
