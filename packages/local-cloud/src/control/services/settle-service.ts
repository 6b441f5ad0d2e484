import { failOperation, finishOperation, typed } from '../operations.ts';
import { failureOf } from '../revision-failures.ts';
import type { Progress, ServiceRecord, WaitingWrite, World } from '../world.ts';
import { serviceView } from './service-view.ts';

/**
 * Says how a service's last write came out, and answers the writes that this decides. The etag stays: it names the write, and a client that waited
 * for its operation writes with the etag of its answer.
 */
export function settle(world: World, name: string, progress: Progress): void {
  const service = world.services.get(name);
  if (service === undefined) return;
  const settled = { ...service, progress, transitionMicros: world.now() };
  world.services.set(name, settled);
  settleWaiting(world, settled);
}

/** Answers the writes that have their answer by now. */
export function settleWaiting(world: World, service: ServiceRecord): void {
  const waiting = service.waiting.filter((write) => !answer(world, service, write));
  if (waiting.length < service.waiting.length) world.services.set(service.name, { ...service, waiting });
}

/** Whether the write has its answer. One that a newer write has overtaken is judged by the revision that it brought. */
function answer(world: World, service: ServiceRecord, write: WaitingWrite): boolean {
  const brought = world.revisions.get(write.judged ?? '');
  const failure = brought === undefined ? undefined : failureOf(brought);
  const isOvertaken = write.generation < service.generation;
  if (isOvertaken && failure !== undefined) {
    failOperation(world, write.operation, failure);
    return true;
  }
  if (service.progress.kind === 'reconciling' || (isOvertaken && brought?.start.kind === 'starting'))
    return false;
  if (service.progress.kind === 'failed') failOperation(world, write.operation, service.progress.failure);
  else finishOperation(world, write.operation, typed('Service', serviceView(world, service)));
  return true;
}
