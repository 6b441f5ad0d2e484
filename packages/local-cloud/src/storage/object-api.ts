import type { ApiReply, ApiRequest, Route } from '../http/route.ts';
import { needs, okReply } from '../messages/index.ts';
import { downloadReply } from './download.ts';
import { objectList } from './list-objects.ts';
import type { ObjectPath, ObjectStore } from './object-store.ts';
import type { StoredObject } from './stored-object.ts';
import { objectView } from './object-view.ts';
import type { Preconditions } from './preconditions.ts';
import { StorageError } from './storage-error.ts';
import {
  jsonBody,
  originOf,
  patched,
  pathOf,
  preconditions,
  settingsOf,
  storageRoute,
} from './storage-request.ts';

const OBJECT = /^\/storage\/v1\/b\/([^/]+)\/o\/(.+)$/;

/** Objects: listed, described, downloaded, changed and removed. */
export function objectRoutes(store: ObjectStore): readonly Route[] {
  const view = (request: ApiRequest, object: StoredObject) => okReply(objectView(object, originOf(request)));
  return [
    needs(
      'storage.objects.list',
      storageRoute('GET', /^\/storage\/v1\/b\/([^/]+)\/o$/, (request, bucket = '') =>
        okReply(objectList(store, request, bucket)),
      ),
    ),
    needs(
      'storage.objects.get',
      storageRoute('GET', OBJECT, (request, bucket, name) => {
        const found = readUnlessKnown(store, pathOf(request, bucket, name), preconditions(request));
        if (found === undefined) return NOT_MODIFIED;
        return request.query.get('alt') === 'media' ? downloadReply(found, request) : view(request, found);
      }),
    ),
    needs(
      'storage.objects.update',
      storageRoute('PATCH', OBJECT, (request, bucket, name) => {
        const patch = jsonBody(request);
        const change = (before: StoredObject['settings']) => patched(before, patch);
        return view(request, store.update(pathOf(request, bucket, name), change, preconditions(request)));
      }),
    ),
    needs(
      'storage.objects.update',
      storageRoute('PUT', OBJECT, (request, bucket, name) => {
        const settings = settingsOf(jsonBody(request));
        return view(
          request,
          store.update(pathOf(request, bucket, name), () => settings, preconditions(request)),
        );
      }),
    ),
    needs(
      'storage.objects.delete',
      storageRoute('DELETE', OBJECT, (request, bucket, name) => {
        store.remove(pathOf(request, bucket, name), preconditions(request));
        return { status: 204 };
      }),
    ),
    needs(
      'storage.objects.get',
      storageRoute('GET', /^\/download\/storage\/v1\/b\/([^/]+)\/o\/(.+)$/, (request, bucket, name) => {
        const found = readUnlessKnown(store, pathOf(request, bucket, name), preconditions(request));
        return found === undefined ? NOT_MODIFIED : downloadReply(found, request);
      }),
    ),
  ];
}

const NOT_MODIFIED: ApiReply = { status: 304 };

/** Reading with `if…NotMatch` asks for what the client does not have: undefined when it has it. */
function readUnlessKnown(
  store: ObjectStore,
  path: ObjectPath,
  conditions: Preconditions,
): StoredObject | undefined {
  const { ifGenerationNotMatch, ifMetagenerationNotMatch, ...positive } = conditions;
  store.read(path, positive);
  try {
    return store.read(path, {
      ...(ifGenerationNotMatch === undefined ? {} : { ifGenerationNotMatch }),
      ...(ifMetagenerationNotMatch === undefined ? {} : { ifMetagenerationNotMatch }),
    });
  } catch (thrown) {
    if (thrown instanceof StorageError && thrown.http === 412) return undefined;
    throw thrown;
  }
}
