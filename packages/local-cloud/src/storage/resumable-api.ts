import type { ApiReply, ApiRequest, Route } from '../http/route.ts';
import { needs, okReply } from '../messages/index.ts';
import type { ObjectStore } from './object-store.ts';
import { objectView } from './object-view.ts';
import {
  cancelled,
  readContentRange,
  receive,
  type ResumableUpload,
  type ResumableUploads,
} from './resumable-uploads.ts';
import { invalidParameter } from './storage-error.ts';
import {
  encodingIn,
  jsonBody,
  originOf,
  preconditions,
  settingsOf,
  storageRoute,
} from './storage-request.ts';

/** gcloud begins uploads in parts at a path of their own. */
export const UPLOAD = /^(?:\/resumable)?\/upload\/storage\/v1\/b\/([^/]+)\/o$/;

/** Uploads in parts, which outlive the connections that they come by. */
export function resumableRoutes(store: ObjectStore, uploads: ResumableUploads): readonly Route[] {
  return [
    needs(
      'storage.objects.create',
      storageRoute('PUT', UPLOAD, (request) => continued(store, uploads, request)),
    ),
    needs(
      'storage.objects.create',
      storageRoute('DELETE', UPLOAD, (request) => {
        uploads.end(uploadIn(uploads, request).id, 'cancelled');
        throw cancelled();
      }),
    ),
  ];
}

/** The answer to `uploadType=resumable`: where the parts are to be sent. */
export function beginUpload(
  { store, uploads }: { readonly store: ObjectStore; readonly uploads: ResumableUploads },
  request: ApiRequest,
  bucket: string,
): ApiReply {
  const { query, headers } = request;
  const resource = jsonBody(request);
  const length = headerText(headers['x-upload-content-length']);
  if (length !== undefined && !/^\d{1,15}$/.test(length))
    throw invalidParameter('X-Upload-Content-Length', length);
  const type = headerText(headers['x-upload-content-type']);
  const name = query.get('name') ?? (typeof resource['name'] === 'string' ? resource['name'] : '');
  const conditions = preconditions(request);
  store.checkWrite({ bucket, name }, conditions);
  const settings = {
    ...settingsOf({ ...(type === undefined ? {} : { contentType: type }), ...resource }),
    ...encodingIn(query),
  };
  const { id } = uploads.begin({
    object: { bucket, name, settings },
    conditions,
    ...(length === undefined ? {} : { announced: Number(length) }),
  });
  const location = `${originOf(request)}/upload/storage/v1/b/${bucket}/o?uploadType=resumable&name=${encodeURIComponent(name)}&upload_id=${id}`;
  return { status: 200, headers: { location, 'x-guploader-uploadid': id } };
}

function continued(store: ObjectStore, uploads: ResumableUploads, request: ApiRequest): ApiReply {
  const upload = uploadIn(uploads, request);
  const range = readContentRange(headerText(request.headers['content-range']));
  const outcome = receive(upload, range, request.body);
  if (outcome.kind === 'partial') {
    uploads.keep({ ...upload, received: outcome.received });
    return incomplete(outcome.received);
  }
  const stored = store.write({ ...upload.object, content: outcome.content }, upload.conditions);
  uploads.end(upload.id, 'finished');
  return okReply(objectView(stored, originOf(request)));
}

/** 308: go on after these bytes. */
function incomplete({ length }: Buffer): ApiReply {
  return {
    status: 308,
    headers: length === 0 ? {} : { range: `bytes=0-${length - 1}` },
    body: Buffer.alloc(0),
  };
}

function uploadIn(uploads: ResumableUploads, { query }: ApiRequest): ResumableUpload {
  return uploads.find(query.get('upload_id') ?? '');
}

function headerText(value: string | string[] | undefined): string | undefined {
  return typeof value === 'string' ? value : value?.[0];
}
