import type { Clock } from '@fairlead/action-kit';

import {
  type DataPlaneOptions,
  dockerDataPlane,
  echoDataPlane,
  processDataPlane,
  type TokenVerifier,
} from './data/index.ts';
import type { DataPlane } from './data-plane.ts';

export type Containers = 'docker' | 'process' | 'none';

interface CreateOptions {
  readonly id: string;
  readonly clock?: Clock;
  readonly cacheFolder?: string;
  readonly ports?: Readonly<Record<string, number>>;
  readonly enforceInvoker?: boolean;
  readonly verifyToken?: TokenVerifier;
  readonly onLog?: NonNullable<DataPlaneOptions['onLog']>;
  readonly onRequest?: NonNullable<DataPlaneOptions['onRequest']>;
  readonly keptPort?: (service: string, tag?: string) => number | undefined;
  readonly keptHostPort?: number;
}

/** The data plane that starts containers in the way asked for. `id` names this local cloud among those of the machine. */
export function createDataPlane(containers: Containers, options: CreateOptions): Promise<DataPlane> {
  switch (containers) {
    case 'docker':
      return dockerDataPlane(options);
    case 'process':
      return processDataPlane(options);
    case 'none':
      return echoDataPlane(options);
  }
}
