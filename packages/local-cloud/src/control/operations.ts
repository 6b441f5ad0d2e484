import { CloudError, grpcNumber } from './cloud-error.ts';
import { notFound, placeOf } from './names.ts';
import type { Failure, OperationRecord, World } from './world.ts';

/** google.longrunning.Operation. */
export interface Operation {
  readonly name: string;
  readonly metadata: object;
  readonly done?: true;
  readonly response?: object;
  readonly error?: { readonly code: number; readonly message: string };
}

type MessageType = 'Service' | 'Revision' | 'Job' | 'Execution' | 'WorkerPool';

/** A message with the type that google.protobuf.Any carries. */
export function typed(type: MessageType, message: object): object {
  return { '@type': `type.googleapis.com/google.cloud.run.v2.${type}`, ...message };
}

/** An operation that nobody can ask for again: the answer to `validateOnly`. */
export function unsavedOperation(world: World, resource: string, metadata: object): Operation {
  return { name: operationName(world, resource), metadata };
}

/** A running operation under a new name; its answer as of now. */
export function startOperation(world: World, resource: string, metadata: object): Operation {
  const fate = world.bends.operationFate();
  const operation: OperationRecord = {
    name: operationName(world, resource),
    metadata,
    result: { kind: 'running' },
    ...(fate === undefined ? {} : { fate }),
  };
  world.operations.set(operation.name, operation);
  if (world.operations.size > KEPT) forgetOldest(world);
  return operationView(operation);
}

/** Operations expire, as the real ones do; here by their number, so that a cloud that runs for weeks does not fill its memory with answers. */
const KEPT = 2_000;

function forgetOldest(world: World): void {
  for (const { name, result } of world.operations.values()) {
    if (result.kind === 'running') continue;
    world.operations.delete(name);
    return;
  }
}

export function finishOperation(world: World, name: string, response: object): void {
  settle(world, name, { kind: 'done', response });
}

export function failOperation(
  world: World,
  name: string,
  failure: Pick<Failure, 'status' | 'message'>,
): void {
  settle(world, name, { kind: 'failed', status: failure.status, message: failure.message });
}

function settle(world: World, name: string, result: OperationRecord['result']): void {
  const operation = world.operations.get(name);
  if (operation?.result.kind === 'running') world.operations.set(name, { ...operation, result });
}

export function getOperation(world: World, name: string): Operation {
  const operation = world.operations.get(name);
  if (operation === undefined || operation.fate === 'lost') throw notFound('OPERATION', name);
  return operationView(operation);
}

export function listOperations(world: World, parent: string): readonly Operation[] {
  return [...world.operations.values()]
    .filter(({ name, fate }) => fate !== 'lost' && name.startsWith(`${parent}/operations/`))
    .reverse()
    .map(operationView);
}

export function deleteOperation(world: World, name: string): void {
  if (getOperation(world, name).done === undefined)
    throw new CloudError('FAILED_PRECONDITION', `Operation '${name}' is not done and cannot be deleted.`);
  world.operations.delete(name);
}

/** Forgets all operations, as a restart does (reference 3.11, 16); what they stand for goes on. */
export function forgetOperations(world: World): void {
  for (const [name, operation] of world.operations)
    world.operations.set(name, { ...operation, fate: 'lost' });
}

function operationName(world: World, resource: string): string {
  return `${placeOf(resource).parent}/operations/${world.ids.uuid()}`;
}

function operationView({ name, metadata, result, fate }: OperationRecord): Operation {
  if (fate === 'hangs') return { name, metadata };
  switch (result.kind) {
    case 'running':
      return { name, metadata };
    case 'done':
      return { name, metadata, done: true, response: result.response };
    case 'failed':
      return {
        name,
        metadata,
        done: true,
        error: { code: grpcNumber(result.status), message: result.message },
      };
  }
}
