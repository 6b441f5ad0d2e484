import { createHash, randomUUID } from 'node:crypto';
import { join, resolve } from 'node:path';

import { systemClock } from '@fairlead/action-kit';

import { createDataPlane } from './create-data-plane.ts';
import type { DataPlane } from './data-plane.ts';
import { faultyDataPlane } from './faulty-data-plane.ts';
import type { LocalCloudOptions } from './local-cloud-options.ts';
import type { Parts } from './parts.ts';
import { keptPort } from './state/start-serving.ts';
import type { Stores } from './stores.ts';

/** The data plane that the options ask for, with the fault switches before it and the ports that it had in an earlier run. */
export async function openPlane(
  options: LocalCloudOptions,
  { stores, faults, lines }: Pick<Parts, 'faults' | 'lines'> & { readonly stores: Stores },
): Promise<DataPlane> {
  const { containers, clock = systemClock, folder, state, ports = {}, enforceInvoker = false } = options;
  const { verifyToken } = options;
  const keptHostPort = stores.ports.get('host');
  const plane = await createDataPlane(containers, {
    id: idOf(folder ?? state),
    clock,
    ports,
    enforceInvoker,
    onLog: lines.append,
    onRequest: lines.appendRequest,
    keptPort: (service, tag) => keptPort(stores.world, service, tag),
    ...(verifyToken === undefined ? {} : { verifyToken }),
    ...(folder === undefined ? {} : { cacheFolder: join(folder, 'images') }),
    ...(keptHostPort === undefined ? {} : { keptHostPort }),
  });
  return faultyDataPlane(plane, faults, clock);
}

/** The same for the same folder or state file, so that the leftovers of a killed run are found and removed by the next. */
function idOf(place: string | undefined): string {
  const distinct =
    place === undefined ? randomUUID() : createHash('sha256').update(resolve(place)).digest('hex');
  return `cloud-${distinct.slice(0, 8)}`;
}
