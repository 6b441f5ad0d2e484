import {
  createService,
  createWorld,
  getService,
  listServices,
  simulateDataPlane,
  updateService,
  type World,
} from '@fairlead/local-cloud';

import { measurement, type Measurement } from './measurement.ts';
import type { Sizes } from './sizes.ts';

const PARENT = 'projects/p/locations/r';
const KEPT = 500;

/**
 * Operations of the control plane in this process, with the events of a data plane in which everything comes up at once: of ten calls, one makes a service or
 * replaces its template, two move its traffic, six read it and one lists a page of services.
 */
export function measureControlPlane({ operations }: Sizes): readonly Measurement[] {
  const world = simulatedWorld();
  const names = Array.from({ length: Math.min(KEPT, operations) }, (_, index) => `web-${index}`);
  for (const name of names) create(world, name);
  const rate = perSecond(operations, (index) => {
    operate(world, index, names[(index * 7) % names.length] ?? '');
  });
  const floor = perSecond(operations, (index) => {
    copies.set(index % KEPT, JSON.parse(JSON.stringify(sample)));
  });
  return [
    measurement({
      name: 'control-plane operations',
      value: rate,
      unit: '1/s',
      peer: { what: 'a service copied as JSON into a map', value: floor },
      reach: { atLeast: 5_000 },
    }),
  ];
}

const copies = new Map<number, unknown>();
const sample = {
  name: `${PARENT}/services/web`,
  template: { containers: [{ image: 'localhost:5000/web', env: [{ name: 'A', value: 'b' }] }] },
  traffic: [{ type: 'TRAFFIC_TARGET_ALLOCATION_TYPE_LATEST', percent: 100 }],
};

function simulatedWorld(): World {
  let micros = 1_700_000_000_000_000;
  let count = 0;
  return createWorld({
    now: () => (micros += 1),
    ids: {
      uuid: () => `id-${(count += 1)}`,
      suffix: (length) => `a${String((count += 1)).padStart(length - 1, '0')}`,
    },
    secrets: () => undefined,
  });
}

function create(world: World, serviceId: string): void {
  createService(world, {
    parent: PARENT,
    serviceId,
    service: { template: template(0) },
    validateOnly: false,
  });
  simulateDataPlane(world);
}

function operate(world: World, index: number, serviceId: string): void {
  const name = `${PARENT}/services/${serviceId}`;
  const kind = index % 10;
  if (kind === 0) patch(world, name, { template: template(index) });
  else if (kind < 3) patch(world, name, { traffic: tagged(index) });
  else if (kind < 9) getService(world, name);
  else listServices(world, PARENT, { size: 20 });
}

function patch(world: World, name: string, service: object): void {
  const updateMask = Object.keys(service);
  updateService(world, { name, service, updateMask, validateOnly: false, allowMissing: false });
  simulateDataPlane(world);
}

function template(index: number): object {
  return { containers: [{ image: 'localhost:5000/web', env: [{ name: 'N', value: String(index) }] }] };
}

function tagged(index: number): readonly object[] {
  return [{ type: 'TRAFFIC_TARGET_ALLOCATION_TYPE_LATEST', percent: 100, tag: `t${index % 3}` }];
}

function perSecond(times: number, act: (index: number) => void): number {
  const startedMs = performance.now();
  for (let index = 0; index < times; index += 1) act(index);
  return (times * 1000) / (performance.now() - startedMs);
}
