import { violation } from '../control/cloud-error.ts';
import type { Page } from '../control/paging.ts';
import type { DeleteRequest } from '../control/requests.ts';

/** The fields of Get and other requests that name one resource. */
export interface NameRequest {
  readonly name?: string;
}

/** Of every List. */
export interface ListRequest {
  readonly parent?: string;
  readonly pageSize?: number;
  readonly pageToken?: string;
  readonly showDeleted?: boolean;
}

export interface RemoveRequest extends NameRequest {
  readonly validateOnly?: boolean;
  readonly etag?: string;
}

export function pageIn({ pageSize, pageToken, showDeleted = false }: ListRequest): Page {
  return {
    showDeleted,
    ...(pageSize === undefined ? {} : { size: pageSize }),
    ...(pageToken === undefined ? {} : { token: pageToken }),
  };
}

export function deleteIn({ name = '', etag, validateOnly = false }: RemoveRequest): DeleteRequest {
  return { name, validateOnly, ...(etag === undefined ? {} : { etag }) };
}

/** Where a List looks. Throws INVALID_ARGUMENT for the wildcard `-` as the location, which these methods do not take. */
export function regionIn(method: string, { parent = '' }: ListRequest): string {
  if (parent.endsWith('/locations/-'))
    throw violation(
      `${method}Request.parent`,
      "the location must be a region, and cannot be the wildcard '-'.",
    );
  return parent;
}

/** A page under the field's name, as a List answers it. */
export function listReply(
  field: string,
  { items, nextPageToken }: { readonly items: readonly object[]; readonly nextPageToken?: string },
): object {
  return {
    ...(items.length === 0 ? {} : { [field]: items }),
    ...(nextPageToken === undefined ? {} : { nextPageToken }),
  };
}
