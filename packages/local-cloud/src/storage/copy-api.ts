import type { ApiReply, ApiRequest, Route } from '../http/route.ts';
import { isRecord, needs, okReply } from '../messages/index.ts';
import type { ObjectPath, ObjectStore } from './object-store.ts';
import { objectView } from './object-view.ts';
import type { Preconditions } from './preconditions.ts';
import { invalid, StorageError } from './storage-error.ts';
import { jsonBody, numberIn, originOf, preconditions, settingsOf, storageRoute } from './storage-request.ts';

/** Making objects of objects: composed of several, or copied. A copy is always done in one call. */
export function copyRoutes(store: ObjectStore): readonly Route[] {
  const copy = (how: string) => new RegExp(`^/storage/v1/b/([^/]+)/o/(.+)/${how}/b/([^/]+)/o/(.+)$`);
  return [
    needs(
      'storage.objects.create',
      storageRoute('POST', copy('rewriteTo'), (request, ...places) => {
        const resource = copied(store, request, places);
        const size = String(resource.size);
        return okReply({
          kind: 'storage#rewriteResponse',
          totalBytesRewritten: size,
          objectSize: size,
          done: true,
          resource: resource.view,
        });
      }),
    ),
    needs(
      'storage.objects.create',
      storageRoute('POST', copy('copyTo'), (request, ...places) =>
        okReply(copied(store, request, places).view),
      ),
    ),
    needs(
      'storage.objects.create',
      storageRoute(
        'POST',
        /^\/storage\/v1\/b\/([^/]+)\/o\/(.+)\/compose$/,
        (request, bucket = '', name = '') => composed(store, request, { bucket, name }),
      ),
    ),
  ];
}

function copied(
  store: ObjectStore,
  request: ApiRequest,
  [fromBucket = '', fromName = '', bucket = '', name = '']: readonly string[],
): { readonly size: number; readonly view: object } {
  const generation = numberIn(request.query, 'sourceGeneration');
  const source = store.read(
    { bucket: fromBucket, name: fromName, ...(generation === undefined ? {} : { generation }) },
    sourceConditions(request),
  );
  const resource = jsonBody(request);
  const settings = Object.keys(resource).length === 0 ? source.settings : settingsOf(resource);
  const object = store.write({ bucket, name, content: source.content, settings }, preconditions(request));
  return { size: object.content.length, view: objectView(object, originOf(request)) };
}

function sourceConditions({ query }: ApiRequest): Preconditions {
  const [match, notMatch] = [
    numberIn(query, 'ifSourceGenerationMatch'),
    numberIn(query, 'ifSourceGenerationNotMatch'),
  ];
  return {
    ...(match === undefined ? {} : { ifGenerationMatch: match }),
    ...(notMatch === undefined ? {} : { ifGenerationNotMatch: notMatch }),
  };
}

const MOST_SOURCES = 32;

function composed(
  store: ObjectStore,
  request: ApiRequest,
  to: { readonly bucket: string; readonly name: string },
): ApiReply {
  const { sourceObjects, destination } = jsonBody(request);
  const names = Array.isArray(sourceObjects) ? sourceObjects.map(sourceOf) : [];
  if (names.length === 0)
    throw new StorageError(400, 'required', { message: 'You must provide at least one source component.' });
  if (names.length > MOST_SOURCES)
    throw invalid(
      `The number of source components provided (${names.length}) exceeds the maximum (${MOST_SOURCES})`,
    );
  const content = Buffer.concat(
    names.map(
      ({ conditions, ...source }) => store.read({ bucket: to.bucket, ...source }, conditions).content,
    ),
  );
  const settings = settingsOf(isRecord(destination) ? destination : {});
  const object = store.write({ ...to, content, settings }, preconditions(request));
  return okReply(objectView(object, originOf(request)));
}

interface ComposeSource extends Omit<ObjectPath, 'bucket'> {
  readonly conditions: Preconditions;
}

function sourceOf(source: unknown): ComposeSource {
  const { name, generation, objectPreconditions } = isRecord(source) ? source : {};
  const { ifGenerationMatch } = isRecord(objectPreconditions) ? objectPreconditions : {};
  if (typeof name === 'string')
    return {
      name,
      ...(generation === undefined ? {} : { generation: numberOf('generation', generation) }),
      conditions:
        ifGenerationMatch === undefined
          ? {}
          : { ifGenerationMatch: numberOf('ifGenerationMatch', ifGenerationMatch) },
    };
  throw new StorageError(400, 'required', { message: 'A source component must have a name.' });
}

function numberOf(field: string, value: unknown): number {
  if (/^\d{1,16}$/.test(String(value))) return Number(value);
  throw invalid(`Invalid value for field "${field}": ${JSON.stringify(value)}`);
}
