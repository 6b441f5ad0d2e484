import { deleteBlob, readBlob } from './blob-api.ts';
import { answer, type Exchange } from './exchange.ts';
import { listReferrers, listTags } from './list-api.ts';
import { deleteManifest, readManifest, writeManifest } from './manifest-api.ts';
import { RegistryError } from './registry-error.ts';
import type { Route } from './route.ts';
import { beginUpload, cancelUpload, continueUpload, finishUpload, showUpload } from './upload-api.ts';

type Handler = () => Promise<void> | void;

/** Answers a request for a route; throws a RegistryError for what the route does not offer. */
export async function dispatch(exchange: Exchange, route: Route): Promise<void> {
  const method = exchange.request.method ?? 'GET';
  const handlers = handlersOf(exchange, route);
  const handler = handlers[method === 'HEAD' ? 'GET' : method];
  if (handler === undefined)
    throw new RegistryError(
      { status: 405, code: 'UNSUPPORTED', message: `${method} is not offered here` },
      { allow: Object.keys(handlers).join(', ') },
    );
  await handler();
}

function handlersOf(exchange: Exchange, route: Route): Readonly<Record<string, Handler>> {
  const push = (name: string, write: Handler) => () => {
    exchange.registry.policy.checkPush(name);
    return write();
  };
  switch (route.kind) {
    case 'ping':
    case 'token':
      return {
        GET: () => {
          ping(exchange);
        },
      };
    case 'uploads':
      return { POST: push(route.name, () => beginUpload(exchange, route.name)) };
    case 'upload':
      return {
        GET: () => {
          showUpload(exchange, route.name, route.id);
        },
        PATCH: push(route.name, () => continueUpload(exchange, route.name, route.id)),
        PUT: push(route.name, () => finishUpload(exchange, route.name, route.id)),
        DELETE: () => cancelUpload(exchange, route.name, route.id),
      };
    case 'blob':
      return {
        GET: () => readBlob(exchange, route.name, route.digest),
        DELETE: () => deleteBlob(exchange, route.name, route.digest),
      };
    case 'manifest':
      return {
        GET: () => readManifest(exchange, route.name, route.reference),
        PUT: push(route.name, () => writeManifest(exchange, route.name, route.reference)),
        DELETE: () => deleteManifest(exchange, route.name, route.reference),
      };
    case 'tags':
      return { GET: () => listTags(exchange, route.name) };
    case 'referrers':
      return { GET: () => listReferrers(exchange, route.name, route.digest) };
  }
}

function ping(exchange: Exchange): void {
  answer(exchange, { status: 200, headers: { 'content-type': 'application/json' }, body: '{}' });
}
