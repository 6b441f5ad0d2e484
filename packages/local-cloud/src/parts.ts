import { type Clock, systemClock } from '@fairlead/action-kit';

import type { DataPlane } from './data-plane.ts';
import { type CallLog, callLog } from './http/call-log.ts';
import type { Cloud } from './http/cloud.ts';
import type { Faults } from './http/faults.ts';
import { type Identity, identityOf } from './identity/identity.ts';
import type { LocalCloudOptions } from './local-cloud-options.ts';
import type { Journal } from './logging/journal.ts';
import type { MonitoringLag } from './monitoring/monitoring-api.ts';
import { startPerformer } from './performer.ts';
import type { OwnRegistry } from './start-registry.ts';
import type { State } from './state/state.ts';
import type { Stores } from './stores.ts';

/** What a local cloud is made of, for the APIs before it. */
export interface Parts extends Cloud, Stores {
  readonly plane: DataPlane;
  readonly faults: Faults;
  readonly calls: CallLog;
  /** The log of all containers. */
  readonly lines: Journal;
  readonly lag: MonitoringLag;
  readonly registry: OwnRegistry;
  readonly identity: Identity;
}

export interface OpenParts extends Pick<Parts, 'plane' | 'faults' | 'lines' | 'registry'> {
  readonly stores: Stores;
  readonly state: State | undefined;
  readonly onDefect: (thrown: unknown) => void;
}

/** Joins what has been opened. */
export function partsOf(
  { clock = systemClock, monitoringLagSeconds = 0, identity: known = {} }: LocalCloudOptions,
  { stores, state, onDefect, ...open }: OpenParts,
): Parts {
  const performer = startPerformer(stores.world, open.plane, onDefect);
  return {
    ...stores,
    ...open,
    ...standing(clock),
    identity: identityOf(known, clock.now),
    lag: { seconds: monitoringLagSeconds },
    performer,
    ...(state === undefined ? {} : { commit: state.commit }),
  };
}

function standing(clock: Clock): Pick<Parts, 'clock' | 'calls'> {
  return { clock, calls: callLog(clock.now) };
}
