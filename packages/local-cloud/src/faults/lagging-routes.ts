import type { Clock } from '@fairlead/action-kit';

import type { DataPlane, Routes, ServiceAddresses } from '../data-plane.ts';
import type { Fault } from './fault.ts';

/** Routes that take effect later than they are said to. */
export interface LaggingRoutes {
  readonly set: (service: string, routes: Routes, fault: Fault | undefined) => Promise<ServiceAddresses>;
  readonly isBehind: () => boolean;
  /** Has all that is late take effect now. */
  readonly catchUp: () => Promise<void>;
  readonly forget: (service: string) => void;
  readonly close: () => void;
}

interface Late {
  readonly routes: Routes;
  readonly overtaken: AbortController;
}

export function laggingRoutes(plane: DataPlane, clock: Clock): LaggingRoutes {
  const live = new Map<string, Routes>();
  const late = new Map<string, Late>();
  const forget = (service: string) => {
    late.get(service)?.overtaken.abort(new Error('overtaken'));
    late.delete(service);
  };
  const apply = async (service: string, routes: Routes) => {
    const addresses = await plane.setRoutes(service, routes);
    live.set(service, routes);
    return addresses;
  };
  const applyLater = async (service: string, { routes, overtaken }: Late, seconds: number) => {
    try {
      await clock.sleep(seconds * 1000, overtaken.signal);
      late.delete(service);
      await apply(service, routes);
    } catch {
      // A newer change of routes, or the end of the service, has made this one void.
    }
  };
  return {
    set: async (service, routes, fault) => {
      forget(service);
      const before = live.get(service);
      if (fault === undefined || before === undefined) return apply(service, routes);
      const addresses = await apply(service, staleRoutes(before, routes, fault));
      const wanted = { routes, overtaken: new AbortController() };
      late.set(service, wanted);
      void applyLater(service, wanted, fault.seconds ?? 0);
      return addresses;
    },
    isBehind: () => late.size > 0,
    catchUp: async () => {
      const waiting = [...late];
      await Promise.all(
        waiting.map(async ([service, { routes }]) => {
          forget(service);
          await apply(service, routes);
        }),
      );
    },
    forget: (service) => {
      forget(service);
      live.delete(service);
    },
    close: () => {
      for (const service of [...late.keys()]) forget(service);
    },
  };
}

/** Every tag has its address at once; where the old routes had no such tag, it leads where most of the old traffic went. */
function staleRoutes(before: Routes, wanted: Routes, { effect }: Fault): Routes {
  const [most] = [...before.targets].sort((a, b) => b.percent - a.percent);
  const tags = wanted.tags.map(({ tag, revision }) => ({
    tag,
    revision: before.tags.find((old) => old.tag === tag)?.revision ?? most?.revision ?? revision,
  }));
  return { targets: effect === 'stale-tag' ? wanted.targets : before.targets, tags };
}
