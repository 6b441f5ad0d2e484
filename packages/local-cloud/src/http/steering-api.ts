import { CloudError } from '../control/cloud-error.ts';
import type { World } from '../control/world.ts';
import type { DataPlane } from '../data-plane.ts';
import type { Secrets } from '../secrets/secrets.ts';
import type { CallLog } from './call-log.ts';
import { readFaults } from '../faults/read-faults.ts';
import type { Faults } from './faults.ts';
import { readJson } from './query.ts';
import type { ApiReply, Route } from './route.ts';

/** Calls that steer the local cloud itself and look into it: faults, the log of calls, secrets, counts of requests, logs. */
export function steeringRoutes(parts: {
  readonly faults: Faults;
  readonly calls: CallLog;
  readonly secrets: Secrets;
  readonly world: World;
  readonly plane: DataPlane;
}): readonly Route[] {
  const { faults, calls, secrets, world, plane } = parts;
  return [
    ...faultRoutes(faults),
    steering('GET', /^\/-\/calls$/, () => ({ status: 200, body: { calls: calls.all() } })),
    steering('DELETE', /^\/-\/calls$/, () => {
      calls.clear();
      return done;
    }),
    steering('GET', /^\/-\/stats$/, () => ({
      status: 200,
      body: {
        revisions: [...world.revisions.keys()].map((name) => ({ name, ...plane.stats(name) })),
      },
    })),
    steering('GET', /^\/-\/logs$/, ({ query }) => {
      const execution = query.get('execution');
      const lines = plane.logs(
        execution === null ? { revision: query.get('revision') ?? '' } : { execution },
      );
      return { status: 200, body: { lines } };
    }),
    steering('PUT', /^\/-\/secrets\/([A-Za-z0-9_-]{1,255})$/, ({ body }, name) => {
      const version = secrets.add(name, body.toString('utf8'));
      return { status: 200, body: { name, version: String(version) } };
    }),
  ];
}

function faultRoutes(faults: Faults): readonly Route[] {
  return [
    steering('GET', /^\/-\/faults$/, () => ({ status: 200, body: { faults: faults.list() } })),
    steering('POST', /^\/-\/faults$/, (request) => {
      const ids = faults.add(readFaults(readJson(request)));
      return { status: 200, body: { ids } };
    }),
    steering('DELETE', /^\/-\/faults$/, () => {
      faults.clear();
      return done;
    }),
    steering('DELETE', /^\/-\/faults\/(\w+)$/, (_, id) => {
      if (!faults.remove(id)) throw new CloudError('NOT_FOUND', `no fault "${id}" is in force`);
      return done;
    }),
  ];
}

const done: ApiReply = { status: 200, body: {} };

function steering(
  method: string,
  pattern: RegExp,
  handle: (request: Parameters<Route['handle']>[0], name: string) => ApiReply,
): Route {
  return { method, pattern, handle: (request, name = '') => handle(request, name) };
}
