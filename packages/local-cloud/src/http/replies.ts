import type { Operation } from '../control/operations.ts';
import { withEnumNumbers } from './proto-json.ts';
import { wantsEnumNumbers } from './query.ts';
import type { ApiReply, ApiRequest } from './route.ts';

const RUN = 'google.cloud.run.v2';

/** A message of Cloud Run in the encoding that the request asks for. */
export function messageReply(request: ApiRequest, type: string, message: object): ApiReply {
  return { status: 200, body: encoded(request, type, message) };
}

/** A page of messages under the field's name. */
export function listReply(
  request: ApiRequest,
  { field, type }: { readonly field: string; readonly type: string },
  page: { readonly items: readonly object[]; readonly nextPageToken?: string },
): ApiReply {
  const items = page.items.map((item) => encoded(request, type, item));
  return {
    status: 200,
    body: {
      ...(items.length === 0 ? {} : { [field]: items }),
      ...(page.nextPageToken === undefined ? {} : { nextPageToken: page.nextPageToken }),
    },
  };
}

export function operationReply(request: ApiRequest, operation: Operation): ApiReply {
  return { status: 200, body: encodedOperation(request, operation) };
}

export function encodedOperation(request: ApiRequest, operation: Operation): object {
  const { metadata, response, ...rest } = operation;
  return {
    ...rest,
    metadata: encodedAny(request, metadata),
    ...(response === undefined ? {} : { response: encodedAny(request, response) }),
  };
}

function encodedAny(request: ApiRequest, any: object): object {
  const type = '@type' in any ? String(any['@type']) : '';
  return encoded(request, type.slice(type.lastIndexOf('.') + 1), any);
}

function encoded(request: ApiRequest, type: string, message: object): object {
  return wantsEnumNumbers(request) ? withEnumNumbers(`${RUN}.${type}`, message) : message;
}
