import { type Operation, startOperation, typed, unsavedOperation } from '../operations.ts';
import { checkCpu, collectRevisions } from '../quotas.ts';
import type { Service } from '../resources.ts';
import type { ServiceRecord, World } from '../world.ts';
import { reconcile } from './reconcile.ts';
import { addRevision, chooseRevision, type RevisionChoice } from './revisions.ts';
import { serviceView } from './service-view.ts';
import { tagTimes, withinTagQuota } from './tag-quota.ts';

/** A write of a service whose fields have been checked. */
export interface ServiceWrite {
  readonly name: string;
  readonly spec: Service;
  readonly before?: ServiceRecord;
  readonly touchesTemplate: boolean;
  readonly validateOnly: boolean;
}

/** The one way into the store: everything has been checked but the revision's name. */
export function writeService(world: World, request: ServiceWrite): Operation {
  const { name, before } = request;
  const spec = withinQuotas(world, request);
  const revisionCount = before?.revisionCount ?? 0;
  const choice = request.touchesTemplate
    ? chooseRevision(world, {
        service: name,
        template: spec.template ?? {},
        count: revisionCount,
        ...latestOf(before),
      })
    : ({ kind: 'keep' } as const);
  const record = nextRecord(world, { ...request, spec }, choice);
  const metadata = typed('Service', serviceView(world, record));
  if (request.validateOnly) return unsavedOperation(world, name, metadata);
  const operation = startOperation(world, name, metadata);
  const judged = judgedOf(record);
  const written = { ...record, lastOperation: operation.name };
  world.services.set(name, {
    ...written,
    ...oldFailure(world, request, record),
    waiting: [...record.waiting, { operation: operation.name, generation: record.generation, ...judged }],
  });
  if (choice.kind === 'create') {
    addRevision(world, { service: written, name: choice.name });
    collectRevisions(world, name);
  }
  reconcile(world, name);
  return operation;
}

function withinQuotas(world: World, { name, spec, before }: ServiceWrite): Service {
  checkCpu(world, spec.template ?? {});
  return { ...spec, traffic: withinTagQuota(world, name, { traffic: spec.traffic ?? [], before }) };
}

// What Lore-Hex/quill-router#782 met: the newest revision is failed, and a write that does not touch it gets its failure and takes no effect.
function oldFailure(
  world: World,
  { name, touchesTemplate }: ServiceWrite,
  { latestCreated = '' }: ServiceRecord,
): Partial<ServiceRecord> {
  const start = world.revisions.get(latestCreated)?.start;
  if (touchesTemplate || start?.kind !== 'failed' || !world.bends.repeatsFailure(name)) return {};
  return { progress: { kind: 'failed', at: 'configuration', failure: start.failure } };
}

function nextRecord(
  world: World,
  { name, spec, before, touchesTemplate }: ServiceWrite,
  choice: RevisionChoice,
): ServiceRecord {
  const micros = world.now();
  const latestCreated = choice.kind === 'keep' ? before?.latestCreated : choice.name;
  return {
    ...(before ?? { uid: world.ids.uuid(), createMicros: micros, observedGeneration: 0, waiting: [] }),
    name,
    spec,
    generation: (before?.generation ?? 0) + 1,
    updateMicros: micros,
    transitionMicros: micros,
    revisionCount: (before?.revisionCount ?? 0) + (choice.kind === 'create' ? 1 : 0),
    tagMicros: tagTimes(spec.traffic ?? [], before, micros),
    progress: {
      kind: 'reconciling',
      ...(touchesTemplate && latestCreated !== undefined ? { judged: latestCreated } : {}),
    },
    ...(latestCreated === undefined ? {} : { latestCreated }),
  };
}

function judgedOf({ progress }: ServiceRecord): { readonly judged?: string } {
  return progress.kind === 'reconciling' && progress.judged !== undefined ? { judged: progress.judged } : {};
}

function latestOf(before: ServiceRecord | undefined): { readonly latest?: string } {
  return before?.latestCreated === undefined ? {} : { latest: before.latestCreated };
}
