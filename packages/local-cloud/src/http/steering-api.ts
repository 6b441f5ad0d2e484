import type { Secrets } from '../secrets/secrets.ts';
import type { CallLog } from './call-log.ts';
import { type Faults, readFaults } from './faults.ts';
import { readJson } from './query.ts';
import type { ApiReply, Route } from './route.ts';

/** Calls that steer the local cloud itself: faults, the log of calls, secrets. */
export function steeringRoutes(parts: {
  readonly faults: Faults;
  readonly calls: CallLog;
  readonly secrets: Secrets;
}): readonly Route[] {
  const { faults, calls, secrets } = parts;
  return [
    steering('POST', /^\/-\/faults$/, (request) => {
      faults.add(readFaults(readJson(request)));
      return done;
    }),
    steering('DELETE', /^\/-\/faults$/, () => {
      faults.clear();
      return done;
    }),
    steering('GET', /^\/-\/calls$/, () => ({ status: 200, body: { calls: calls.all() } })),
    steering('DELETE', /^\/-\/calls$/, () => {
      calls.clear();
      return done;
    }),
    steering('PUT', /^\/-\/secrets\/([A-Za-z0-9_-]{1,255})$/, ({ body }, name) => {
      const version = secrets.add(name, body.toString('utf8'));
      return { status: 200, body: { name, version: String(version) } };
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
