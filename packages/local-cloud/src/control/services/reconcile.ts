import type { Routes, ServiceAddresses } from '../../data-plane.ts';
import { shortName } from '../names.ts';
import { LATEST, type TrafficTarget } from '../resources.ts';
import { failureOf, missingRevision, startFailure, type StartReport } from '../revision-failures.ts';
import type { Failure, ServiceRecord, World } from '../world.ts';
import { settle, settleWaiting } from './settle-service.ts';

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
        uid: service.uid,
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
