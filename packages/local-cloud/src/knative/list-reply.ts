import { CloudError } from '../control/cloud-error.ts';
import { type Page, pageOf } from '../control/paging.ts';
import type { ApiReply, ApiRequest } from '../http/route.ts';
import { labelTest } from './label-selector.ts';
import { type Message, messageOf, textOf } from './mapping.ts';

export interface ListOf {
  readonly apiVersion: string;
  /** `ServiceList` */
  readonly kind: string;
}

/** The items that the label selector lets through, as many as `limit` asks for and from where `continue` says. */
export function listReply(
  request: ApiRequest,
  { apiVersion, kind }: ListOf,
  all: readonly Message[],
): ApiReply {
  const { query } = request;
  const test = labelTest(query.get('labelSelector') ?? '');
  const fitting = all.filter((item) => test(messageOf(messageOf(item['metadata'])['labels'])));
  const token = query.get('continue') ?? '';
  const { items, nextPageToken } = pageOf(fitting, keyOf, { size: limitOf(query, fitting.length), token });
  return {
    status: 200,
    body: {
      apiVersion,
      kind,
      metadata: nextPageToken === undefined ? {} : { continue: nextPageToken },
      ...(items.length === 0 ? {} : { items }),
    },
  };
}

/** All items of a list that comes in pages. */
export function everyPage<T>(
  list: (page: Page) => { readonly items: readonly T[]; readonly nextPageToken?: string },
): readonly T[] {
  const items: T[] = [];
  let token: string | undefined;
  do {
    const page = list({ size: 1000, ...(token === undefined ? {} : { token }) });
    items.push(...page.items);
    token = page.nextPageToken;
  } while (token !== undefined);
  return items;
}

function keyOf(item: Message): string {
  const { labels, selfLink } = messageOf(item['metadata']);
  return `${textOf(messageOf(labels)['cloud.googleapis.com/location'])}${textOf(selfLink)}`;
}

/** Everything up to a thousand when nothing is asked. */
function limitOf(query: URLSearchParams, all: number): number {
  const text = query.get('limit') ?? '0';
  const limit = Number(text);
  if (text.trim() === '' || !Number.isInteger(limit) || limit < 0)
    throw new CloudError('INVALID_ARGUMENT', `Invalid value at 'limit' (TYPE_INT32), "${text}"`);
  return limit === 0 ? Math.min(all, 1000) : limit;
}
