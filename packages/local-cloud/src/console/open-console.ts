import type { Route } from '../http/route.ts';
import { actionRoutes } from './action-routes.ts';
import { formToken } from './form-token.ts';
import { pageRoutes } from './page-routes.ts';
import { startSampler } from './sampler.ts';
import type { Watched } from './watched.ts';

/** The pages for a person at `/` and below `/console/`. They go before all other routes, as a bucket may have any name. */
export interface Console extends Disposable {
  readonly routes: readonly Route[];
}

export function openConsole(watched: Watched): Console {
  const token = formToken();
  const sampler = startSampler(watched);
  return {
    routes: [...pageRoutes({ ...watched, sampler, token }), ...actionRoutes(watched.faults, token)],
    [Symbol.dispose]: () => {
      sampler[Symbol.dispose]();
    },
  };
}
