import { messageOf } from '@fairlead/action-kit';

import { StartFailure } from '../containers/engine.ts';
import type { Running } from '../containers/running.ts';
import type { Caller, Refusal } from '../requests/caller.ts';
import { NoRoom } from '../revisions/waiting-line.ts';
import { affinityCookie } from './affinity.ts';
import type { Broken } from './ask.ts';
import { askHttp1 } from './ask-http1.ts';
import { askHttp2 } from './ask-http2.ts';
import type { Destination } from './destination.ts';
import { Exchange } from './exchange.ts';

/**
 * Carries one request to a revision and its answer back, both as they come. A request for which no instance has room waits while one is started. A refused
 * connection never delivered anything, so the request is sent once more to a new instance; one that broke off is sent again only when repeating is safe.
 */
export async function forward(caller: Caller, destination: Destination): Promise<void> {
  const exchange = new Exchange(caller, destination);
  try {
    await carry(exchange, destination);
  } catch (thrown) {
    if (exchange.hasEnded()) return;
    exchange.refuse(refusalFor(thrown));
  }
}

const brokenConnection =
  'upstream connect error or disconnect/reset before headers: the request failed because either the HTTP response was malformed or connection to the instance had an error';

/** What the client gets, and what the log of requests says, when no instance answered. */
export function refusalFor(thrown: unknown): Refusal {
  if (thrown instanceof NoRoom && thrown.because === 'full')
    return { status: 429, body: 'Rate exceeded.', logged: noRoom };
  if (thrown instanceof NoRoom || thrown instanceof StartFailure) {
    const body = `Service Unavailable: the request was aborted because there was no available instance: ${thrown.message}`;
    return { status: 503, body, logged: noRoom };
  }
  return { status: 503, body: brokenConnection, logged: `${malformed} ${messageOf(thrown)}` };
}

const noRoom =
  'The request was aborted because there was no available instance. Additional troubleshooting documentation can be found at: https://cloud.google.com/run/docs/troubleshooting#abort-request';
const malformed =
  'The request failed because either the HTTP response was malformed or connection to the instance had an error. Additional troubleshooting documentation can be found at: https://cloud.google.com/run/docs/troubleshooting#malformed-response-or-connection-error';

// One for an idle connection that the server had closed, one for an instance that has just ended.
const mostAttempts = 3;

async function carry(exchange: Exchange, { preferred }: Destination): Promise<void> {
  const ask = exchange.revision.spec.h2c ? askHttp2 : askHttp1;
  for (let attempt = 1; ; attempt += 1) {
    const chosen = exchange.lease.instance(exchange.signal, preferred);
    const instance = chosen instanceof Promise ? await chosen : chosen;
    if (exchange.hasEnded()) return;
    exchange.goesTo(instance.id);
    const added =
      exchange.revision.spec.sessionAffinity === true && instance.id !== preferred
        ? affinityCookie(exchange.revision, instance)
        : [];
    // After a break the request goes on a connection of its own: others that idle may be as dead as the first.
    const broken = await ask(instance, exchange, { added, isFirst: attempt === 1 });
    if (broken === undefined || exchange.hasEnded()) return;
    if (attempt === mostAttempts || !isRepeatable(broken, exchange.caller)) throw broken.error;
    if (!broken.wasReused && !(await endsSoon(instance))) throw broken.error;
  }
}

const safeMethods = new Set(['GET', 'HEAD', 'OPTIONS', 'TRACE', 'PUT', 'DELETE']);

function isRepeatable({ isRefused }: Broken, caller: Caller): boolean {
  if (caller.status !== undefined) return false;
  return isRefused || (safeMethods.has(caller.method) && !caller.hasBody);
}

// The kernel refuses connections a moment before we are told that the process ended.
const deathNoticeMs = 500;

function endsSoon(instance: Running): Promise<boolean> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, deathNoticeMs, false);
    void instance.exited.then(() => {
      clearTimeout(timer);
      resolve(true);
    });
  });
}
