import fc from 'fast-check';

import { cancelExecution, deleteExecution } from './jobs/executions.ts';
import { etagOf } from './etag.ts';
import { instancesChanged } from './services/instances.ts';
import { createJob, deleteJob, runJob, updateJob } from './jobs/jobs.ts';
import type { StartReport } from './revision-failures.ts';
import { LATEST, REVISION, type TrafficTarget } from './resources.ts';
import { deleteRevision } from './services/revisions.ts';
import { createService, deleteService, updateService } from './services/services.ts';
import { performOne } from './test-performer.ts';
import type { Command, World } from './world.ts';

/** For tests: one thing that happens to a world, be it a request or an event of the data plane. */
export type Step = (world: World) => void;

const PARENT = 'projects/p/locations/r';
const SERVICES = ['web', 'api'] as const;
const CRASH: StartReport = { kind: 'failed', reason: 'HEALTH_CHECK_CONTAINER_ERROR', message: 'It crashed.' };

/** For tests: requests, some of them to be refused. Each is a sentence, so that a failed property can be read. */
export function requests(): fc.Arbitrary<Step> {
  const service = fc.constantFrom(...SERVICES);
  return fc.oneof(
    told('create', [service, templates(), traffics()], (world, [id, template, traffic]) => {
      createService(world, {
        parent: PARENT,
        serviceId: id,
        service: { template, traffic },
        validateOnly: false,
      });
    }),
    told('deploy', [service, templates(), fc.boolean()], (world, [id, template, validateOnly]) => {
      const revision =
        template.revision === undefined ? {} : { revision: `${id}-${template.revision.slice(4)}` };
      write(world, id, { service: { template: { ...template, ...revision } }, validateOnly });
    }),
    told('shift', [service, traffics(), etags()], (world, [id, traffic, etag]) => {
      write(world, id, { service: { traffic: named(id, traffic), ...etag(world, id) }, validateOnly: false });
    }),
    told('delete', [service], (world, [id]) => {
      deleteService(world, { name: `${PARENT}/services/${id}`, validateOnly: false });
    }),
    told('delete revision', [fc.nat(2)], (world, [index]) => {
      deleteRevision(world, { name: pick(world.revisions, index), validateOnly: false });
    }),
    jobRequests(),
  );
}

function jobRequests(): fc.Arbitrary<Step> {
  const name = `${PARENT}/jobs/migrate`;
  const job = { template: { template: { containers: [{ image: 'localhost/migrate' }] } } };
  return fc.oneof(
    told('create job', [], (world) => {
      createJob(world, { parent: PARENT, jobId: 'migrate', job, validateOnly: false });
    }),
    told('run job', [], (world) => {
      runJob(world, { name, validateOnly: false });
    }),
    told('run job by token', [fc.constantFrom('a', 'b')], (world, [runExecutionToken]) => {
      updateJob(world, { name, job: { ...job, runExecutionToken }, validateOnly: false, allowMissing: true });
    }),
    told('cancel', [fc.nat(5)], (world, [index]) => {
      cancelExecution(world, { name: pick(world.executions, index), validateOnly: false });
    }),
    told('delete execution', [fc.nat(5)], (world, [index]) => {
      deleteExecution(world, { name: pick(world.executions, index), validateOnly: false });
    }),
    told('delete job', [], (world) => {
      deleteJob(world, { name, validateOnly: false });
    }),
  );
}

/** For tests: what a data plane may say next; the changes of one service come in their order, all else in any. */
export function events(): fc.Arbitrary<Step> {
  return fc.oneof(
    told('answer', [fc.nat(7), fc.boolean()], (world, [index, isWell]) => {
      const command = world.commands[index % Math.max(1, world.commands.length)];
      if (command !== undefined) answerInTurn(world, command, isWell ? { kind: 'ready' } : CRASH);
    }),
    told('instances', [fc.nat(5), fc.nat(2), fc.nat(2)], (world, [index, warm, wanted]) => {
      instancesChanged(world, pick(world.revisions, index), { warm, wanted });
    }),
  );
}

function answerInTurn(world: World, command: Command, start: StartReport): void {
  const isOrdered = 'service' in command;
  const first = isOrdered
    ? world.commands.find((one) => 'service' in one && one.service === command.service)
    : command;
  if (first === undefined) return;
  world.commands.splice(world.commands.indexOf(first), 1);
  performOne(world, first, start);
}

type Values<T extends readonly unknown[]> = { readonly [K in keyof T]: fc.Arbitrary<T[K]> };

function told<T extends readonly unknown[]>(
  title: string,
  values: Values<T>,
  step: (world: World, given: T) => void,
): fc.Arbitrary<Step> {
  return fc.tuple(...(values as unknown as fc.Arbitrary<unknown>[])).map((given) =>
    Object.assign(
      (world: World) => {
        step(world, given as unknown as T);
      },
      {
        [fc.toStringMethod]: () => `${title} ${fc.stringify(given)}`,
      },
    ),
  );
}

function templates(): fc.Arbitrary<{
  readonly revision?: string;
  readonly containers: readonly { readonly image: string }[];
}> {
  return fc.record(
    {
      revision: fc.constantFrom('web-a', 'web-b', 'web-c'),
      containers: fc
        .constantFrom('localhost/one', 'localhost/two', 'Not An Image')
        .map((image) => [{ image }]),
    },
    { requiredKeys: ['containers'] },
  );
}

function traffics(): fc.Arbitrary<readonly TrafficTarget[]> {
  const target: fc.Arbitrary<TrafficTarget> = fc.oneof(
    fc.record({ type: fc.constant(LATEST), percent: fc.constantFrom(0, 40, 100) }),
    fc.record(
      {
        type: fc.constant(REVISION),
        revision: fc.constantFrom('web-a', 'web-b', 'web-gone'),
        percent: fc.constantFrom(0, 60, 100),
        tag: fc.constantFrom('green', 'blue', 'red'),
      },
      { requiredKeys: ['type', 'revision', 'percent'] },
    ),
  );
  return fc.oneof(fc.array(target, { maxLength: 4 }), split(0), split(100), split(40));
}

/** A split that is taken if its revisions are there. */
function split(percent: number): fc.Arbitrary<readonly TrafficTarget[]> {
  return fc
    .tuple(fc.constantFrom('web-a', 'web-b', 'web-c'), fc.constantFrom('web-a', 'web-b', 'web-c'))
    .map(([one, other]) => [
      { type: REVISION, revision: one, percent },
      { type: REVISION, revision: other, percent: 100 - percent },
    ]);
}

function named(id: string, traffic: readonly TrafficTarget[]): readonly TrafficTarget[] {
  return traffic.map((target) =>
    target.revision === undefined ? target : { ...target, revision: target.revision.replace('web', id) },
  );
}

type Etag = (world: World, id: string) => { readonly etag?: string };

function etags(): fc.Arbitrary<Etag> {
  const current: Etag = (world, id) => {
    const service = world.services.get(`${PARENT}/services/${id}`);
    return service === undefined ? {} : { etag: etagOf(service.updateMicros, service.name) };
  };
  return fc.constantFrom<Etag>(
    () => ({}),
    current,
    () => ({ etag: '"stale"' }),
  );
}

function write(
  world: World,
  id: string,
  { service, validateOnly }: Pick<Parameters<typeof updateService>[1], 'service' | 'validateOnly'>,
): void {
  const updateMask = Object.keys(service).filter((field) => field !== 'etag');
  updateService(world, {
    name: `${PARENT}/services/${id}`,
    service,
    updateMask,
    validateOnly,
    allowMissing: 'template' in service,
  });
}

function pick(records: ReadonlyMap<string, unknown>, index: number): string {
  return [...records.keys()][index] ?? `${PARENT}/services/web/revisions/none`;
}
