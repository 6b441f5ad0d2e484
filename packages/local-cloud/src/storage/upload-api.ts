import type { ApiRequest, Route } from '../http/route.ts';
import { type Message, needs, okReply } from '../messages/index.ts';
import { checksumsOf } from './checksums.ts';
import { readMultipart } from './multipart.ts';
import type { NewObject, ObjectStore } from './object-store.ts';
import { objectView } from './object-view.ts';
import { beginUpload, resumableRoutes, UPLOAD } from './resumable-api.ts';
import { resumableUploads } from './resumable-uploads.ts';
import { invalid } from './storage-error.ts';
import {
  encodingIn,
  jsonBody,
  originOf,
  preconditions,
  settingsOf,
  storageRoute,
} from './storage-request.ts';

/** Uploads at once, with or without metadata, and in parts. */
export function uploadRoutes(store: ObjectStore): readonly Route[] {
  const uploads = resumableUploads();
  return [
    needs(
      'storage.objects.create',
      storageRoute('POST', UPLOAD, (request, bucket = '') => {
        if (request.query.get('uploadType') === 'resumable')
          return beginUpload({ store, uploads }, request, bucket);
        const object = store.write(readUpload(request, bucket), preconditions(request));
        return okReply(objectView(object, originOf(request)));
      }),
    ),
    ...resumableRoutes(store, uploads),
  ];
}

function readUpload(request: ApiRequest, bucket: string): NewObject {
  const { query, headers, body } = request;
  const type = headers['content-type'];
  const uploadType = query.get('uploadType') ?? '';
  if (uploadType === 'media')
    return {
      bucket,
      name: query.get('name') ?? '',
      content: body,
      settings: { ...(type === undefined ? {} : { contentType: type }), ...encodingIn(query) },
    };
  if (uploadType !== 'multipart')
    throw invalid(`uploadType must be "media", "multipart" or "resumable", got "${uploadType}"`);
  const { metadata, content, contentType } = readMultipart(type ?? '', body);
  const resource = jsonBody({ body: Buffer.from(metadata) });
  checkSums(resource, content);
  const name = query.get('name') ?? (typeof resource['name'] === 'string' ? resource['name'] : '');
  const settings = {
    ...settingsOf({ ...(contentType === undefined ? {} : { contentType }), ...resource }),
    ...encodingIn(query),
  };
  return { bucket, name, content, settings };
}

/** What the client says that the content is must be so. */
function checkSums({ md5Hash, crc32c }: Message, content: Buffer): void {
  const sums = checksumsOf(content);
  if (typeof md5Hash === 'string' && md5Hash !== sums.md5)
    throw invalid(`Provided MD5 hash "${md5Hash}" doesn't match calculated MD5 hash "${sums.md5}".`);
  if (typeof crc32c === 'string' && crc32c !== sums.crc32c)
    throw invalid(`Provided CRC32C "${crc32c}" doesn't match calculated CRC32C "${sums.crc32c}".`);
}
