import { pageOf } from '../control/paging.ts';
import { page } from '../http/query.ts';
import type { ApiReply } from '../http/route.ts';

/** What a list method found, by the field of its answer that holds it. */
export interface Listing<T> {
  readonly field: string;
  readonly items: readonly T[];
  /** Distinct for each item and the same from call to call: the page token is made of it. */
  readonly keyOf: (item: T) => string;
  readonly view: (item: T) => object;
}

/** One page of the list as the query asks for it; an empty list is left out of the answer, as JSON of a proto has it. */
export function pageReply<T>(query: Readonly<Record<string, string>>, listing: Listing<T>): ApiReply {
  const { items, nextPageToken } = pageOf(listing.items, listing.keyOf, page(query));
  return okReply({
    ...(items.length === 0 ? {} : { [listing.field]: items.map(listing.view) }),
    ...(nextPageToken === undefined ? {} : { nextPageToken }),
  });
}

export function okReply(body: object): ApiReply {
  return { status: 200, body };
}
