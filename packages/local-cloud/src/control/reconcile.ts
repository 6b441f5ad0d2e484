import type { Routes, ServiceAddresses } from '../data-plane.ts';
import { parentOf, placeOf, shortName } from './names.ts';
import { failOperation, finishOperation, typed } from './operations.ts';
import { LATEST, type TrafficTarget } from './resources.ts';
import { serviceView } from './service-view.ts';
import type { Failure, Progress, RevisionRecord, ServiceRecord, WaitingWrite, World } from './world.ts';

/** What the data plane says of a revision's start, in the API's own terms. */
export type StartReport =
  { readonly kind: 'ready' } | { readonly kind: 'failed'; readonly reason: string; readonly message: string };

/** Event: a revision came up or did not. */
export function revisionStarted(world: World, name: string, report: StartReport): void {
  const revision = world.revisions.get(name);
  if (revision?.start.kind !== 'starting') return;
  const micros = world.now();
  const start =
    report.kind === 'ready'
      ? ({ kind: 'ready', micros } as const)
      : ({ kind: 'failed', micros, failure: startFailure(name, report) } as const);
  world.revisions.set(name, { ...revision, start, updateMicros: micros, routedMicros: micros });
  reconcile(world, revision.service);
}

/** Event: the routes that a write asked for are live. */
export function routed(
  world: World,
  name: string,
  live: { readonly generation: number; readonly routes: Routes; readonly addresses: ServiceAddresses },
): void {
  const service = world.services.get(name);
  if (service?.generation !== live.generation) return;
  touchRevisions(world, [...routedNames(service.serving?.routes), ...routedNames(live.routes)]);
  world.services.set(name, {
    ...service,
    serving: { traffic: service.spec.traffic ?? [], routes: live.routes, addresses: live.addresses },
    observedGeneration: service.generation,
  });
  settle(world, name, { kind: 'ready' });
}

/** Event: the data plane refused the routes. */
export function routeFailed(
  world: World,
  name: string,
  {
    generation,
    message,
    reason = 'INTERNAL',
  }: { readonly generation: number; readonly message: string; readonly reason?: string },
): void {
  const service = world.services.get(name);
  if (service?.generation !== generation) return;
  settle(world, name, {
    kind: 'failed',
    at: 'routes',
    failure: { status: 'INTERNAL', reason, message },
  });
}

/** Moves a service as far as it can go now: to its routes, to a failure, or nowhere while a revision is starting. */
export function reconcile(world: World, name: string): void {
  const before = world.services.get(name);
  if (before === undefined) return;
  const service = withLatestReady(world, before);
  world.services.set(name, service);
  if (service.progress.kind !== 'reconciling') {
    settleWaiting(world, service);
    return;
  }
  const step = nextStep(world, service);
  switch (step.kind) {
    case 'wait':
      settleWaiting(world, service);
      return;
    case 'fail':
      settle(world, name, { kind: 'failed', at: step.at, failure: step.failure });
      return;
    case 'route':
      world.commands.push({
        kind: 'set-routes',
        service: name,
        generation: service.generation,
        routes: step.routes,
      });
  }
}

type Step =
  | { readonly kind: 'wait' }
  | { readonly kind: 'route'; readonly routes: Routes }
  | { readonly kind: 'fail'; readonly at: 'configuration' | 'routes'; readonly failure: Failure };

function nextStep(world: World, service: ServiceRecord): Step {
  const targets = (service.spec.traffic ?? []).map((target) => ({
    target,
    name: targetName(service, target),
  }));
  const missing = targets.find(({ name }) => !world.revisions.has(name));
  if (missing !== undefined)
    return { kind: 'fail', at: 'routes', failure: missingRevision(shortName(missing.name)) };
  const needed = [...targets.map(({ name }) => name), ...judgedOf(service)].flatMap(
    (name) => world.revisions.get(name) ?? [],
  );
  const failure = needed.map(failureOf).find((found) => found !== undefined);
  if (failure !== undefined) return { kind: 'fail', at: 'configuration', failure };
  if (needed.some(({ start }) => start.kind === 'starting')) return { kind: 'wait' };
  return { kind: 'route', routes: routesOf(targets) };
}

function targetName(service: ServiceRecord, { type, revision = '' }: TrafficTarget): string {
  return type === LATEST ? (service.latestCreated ?? '') : `${service.name}/revisions/${revision}`;
}

function judgedOf({ progress }: ServiceRecord): readonly string[] {
  return progress.kind === 'reconciling' && progress.judged !== undefined ? [progress.judged] : [];
}

function failureOf(revision: RevisionRecord): Failure | undefined {
  return revision.start.kind === 'failed' ? revision.start.failure : undefined;
}

function routesOf(targets: readonly { readonly target: TrafficTarget; readonly name: string }[]): Routes {
  return {
    targets: targets.map(({ target, name }) => ({ revision: name, percent: target.percent ?? 0 })),
    tags: targets.flatMap(({ target, name }) =>
      target.tag === undefined ? [] : [{ tag: target.tag, revision: name }],
    ),
  };
}

function routedNames(routes: Routes | undefined): readonly string[] {
  return [...(routes?.targets ?? []), ...(routes?.tags ?? [])].map(({ revision }) => revision);
}

function touchRevisions(world: World, names: readonly string[]): void {
  const micros = world.now();
  for (const name of new Set(names)) {
    const revision = world.revisions.get(name);
    if (revision !== undefined)
      world.revisions.set(name, { ...revision, routedMicros: micros, updateMicros: micros });
  }
}

function withLatestReady(world: World, service: ServiceRecord): ServiceRecord {
  const newest = world.revisions.get(service.latestCreated ?? '');
  if (newest?.start.kind !== 'ready' || service.latestReady === newest.name) return service;
  if (!hasShare(service, newest.name) && world.bends.keepsLatestReady(service.name)) return service;
  return { ...service, latestReady: newest.name };
}

function hasShare(service: ServiceRecord, revision: string): boolean {
  return (service.spec.traffic ?? []).some(
    (target) => (target.percent ?? 0) > 0 && targetName(service, target) === revision,
  );
}

// The etag stays: it names the last write, and a client that waited for its operation writes with the etag of its answer.
function settle(world: World, name: string, progress: Progress): void {
  const service = world.services.get(name);
  if (service === undefined) return;
  const settled = { ...service, progress, transitionMicros: world.now() };
  world.services.set(name, settled);
  settleWaiting(world, settled);
}

function settleWaiting(world: World, service: ServiceRecord): void {
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

function startFailure(name: string, report: Extract<StartReport, { kind: 'failed' }>): Failure {
  return {
    status: 'FAILED_PRECONDITION',
    reason: report.reason,
    message: `Revision '${shortName(name)}' is not ready and cannot serve traffic. ${report.message}${logsHint(name, report.reason)}`,
  };
}

/** What Cloud Run adds for a container that was started and is not well. */
function logsHint(name: string, reason: string): string {
  if (reason !== 'HEALTH_CHECK_CONTAINER_ERROR') return '';
  const [service, revision] = [shortName(parentOf(name)), shortName(name)];
  const filter = [
    'resource.type="cloud_run_revision"',
    `resource.labels.service_name="${service}"`,
    `resource.labels.revision_name="${revision}"`,
  ].join('\n');
  const { project } = placeOf(name);
  return ` Logs for this revision might contain more information.\n\nLogs URL: https://console.cloud.google.com/logs/viewer?project=${project}&resource=cloud_run_revision/service_name/${service}/revision_name/${revision}&advancedFilter=${encodeURIComponent(filter)} \nFor more troubleshooting guidance, see https://cloud.google.com/run/docs/troubleshooting#container-failed-to-start`;
}

function missingRevision(revision: string): Failure {
  return {
    status: 'INTERNAL',
    reason: 'REVISION_FAILED',
    message: `Revision '${revision}' does not exist or is deleted. Update all traffic to route to currently available revisions.`,
  };
}
