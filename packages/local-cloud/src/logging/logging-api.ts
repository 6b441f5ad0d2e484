import { CloudError } from '../control/cloud-error.ts';
import { readQuery } from '../http/query.ts';
import { type ApiReply, type ApiRequest, resourceRoute, type Route } from '../http/route.ts';
import {
  badField,
  bodyMessage,
  countOf,
  type Message,
  needs,
  okReply,
  textOf,
  textsOf,
} from '../messages/index.ts';
import { entryFilter } from './entry-filter.ts';
import { entryView, logNameOf, projectOf } from './entry-view.ts';
import type { Journal, JournalEntry } from './journal.ts';

/**
 * Cloud Logging, v2: reading what containers and the platform wrote, and the log of requests. Writing entries, sinks, buckets and metrics are left
 * out.
 */
export function loggingRoutes(journal: Journal): readonly Route[] {
  return [
    {
      method: 'POST',
      pattern: /^\/v2\/entries:list$/,
      permission: 'logging.logEntries.list',
      handle: (request) => listEntries(journal, request),
    },
    needs(
      'logging.logs.list',
      resourceRoute('GET', '/v2/projects/*/logs', (request, name) => {
        readQuery(request, ['pageSize', 'pageToken', 'resourceNames']);
        const names = journal
          .entries()
          .filter(({ source }) => projectOf(source) === projectOf(name))
          .map(logNameOf);
        const logNames = [...new Set(names)].sort();
        return okReply(logNames.length === 0 ? {} : { logNames });
      }),
    ),
  ];
}

const FIELDS = ['resourceNames', 'projectIds', 'filter', 'orderBy', 'pageSize', 'pageToken'];

function listEntries(journal: Journal, request: ApiRequest): ApiReply {
  const body = bodyMessage(request, FIELDS);
  const projects = projectsOf(body);
  const isDescending = isDescendingOrder(textOf(body, 'orderBy') ?? 'timestamp asc');
  const size = sizeOf(body);
  const after = tokenMicros(textOf(body, 'pageToken'));
  const { fits, fromMicros } = entryFilter(textOf(body, 'filter') ?? '');
  const isNext = ({ micros, source }: JournalEntry) =>
    micros >= fromMicros &&
    projects.has(projectOf(source)) &&
    (after === undefined || (isDescending ? micros < after : micros > after));
  const all = journal.entries();
  const page = firstFitting(
    isDescending ? all.toReversed() : all,
    size + 1,
    (entry) => isNext(entry) && fits(entryView(entry)),
  );
  const shown = page.slice(0, size);
  const last = page.length > size ? shown.at(-1) : undefined;
  return okReply({
    ...(shown.length === 0 ? {} : { entries: shown.map(entryView) }),
    ...(last === undefined ? {} : { nextPageToken: tokenOf(last) }),
  });
}

function firstFitting<T>(items: readonly T[], limit: number, fits: (item: T) => boolean): readonly T[] {
  const found: T[] = [];
  for (const item of items) {
    if (found.length === limit) break;
    if (fits(item)) found.push(item);
  }
  return found;
}

function projectsOf(body: Message): ReadonlySet<string> {
  const names = textsOf(body, 'resourceNames');
  const wrong = names.find(
    (name) => !/^projects\/[^/]+(?:\/locations\/[^/]+\/buckets\/[^/]+\/views\/[^/]+)?$/.test(name),
  );
  if (wrong !== undefined)
    throw badField('resource_names', `Resource name "${wrong}" must be of the form projects/[PROJECT_ID].`);
  const all = [...names.map(projectOf), ...textsOf(body, 'projectIds')];
  if (all.length === 0) throw badField('resource_names', 'At least one resource name must be given.');
  return new Set(all);
}

function isDescendingOrder(orderBy: string): boolean {
  const [, direction] = /^timestamp(?:\s+(asc|desc))?$/.exec(orderBy.trim()) ?? [undefined, 'none'];
  if (direction === 'none')
    throw badField('order_by', `order_by must be "timestamp asc" or "timestamp desc", got "${orderBy}"`);
  return direction === 'desc';
}

function sizeOf(body: Message): number {
  const asked = countOf(body, 'pageSize') ?? 0;
  if (asked < 0) throw badField('page_size', `page_size must not be negative, got ${asked}`);
  return asked === 0 ? 50 : Math.min(asked, 1_000);
}

/** The place in time after which the next page goes on: entries that come in between disturb nothing. */
function tokenOf({ micros }: JournalEntry): string {
  return Buffer.from(String(micros)).toString('base64url');
}

function tokenMicros(token: string | undefined): number | undefined {
  if (token === undefined) return undefined;
  const text = Buffer.from(token, 'base64url').toString();
  if (!/^\d{1,16}$/.test(text))
    throw new CloudError('INVALID_ARGUMENT', `page_token '${token}' is not valid`);
  return Number(text);
}
