import { CloudError } from '../control/cloud-error.ts';
import { timestamp } from '../control/time.ts';
import { type Filter, FilterError, matches, parseFilter } from '../filter/index.ts';
import { readJson, readQuery } from '../http/query.ts';
import { type ApiReply, type ApiRequest, type Route } from '../http/route.ts';
import { badField, isRecord, type Message, needs, okReply, pageReply } from '../messages/index.ts';
import type { Occurrence, Occurrences } from './occurrences.ts';
import { readOccurrence } from './read-occurrence.ts';
import { vulnerabilitySummary } from './vulnerability-summary.ts';

const PARENT = 'projects/[^/]+(?:/locations/[^/]+)?';

/** Container Analysis, v1: occurrences. Notes are named but not stored, and nothing is scanned. */
export function containerAnalysisRoutes(occurrences: Occurrences, newId: () => string): readonly Route[] {
  const collection = new RegExp(`^/v1/(${PARENT})/occurrences$`);
  const item = new RegExp(`^/v1/(${PARENT}/occurrences/[^/:]+)$`);
  const create = (parent: string, json: unknown) => occurrences.add(parent, newId(), readOccurrence(json));
  return [
    needs(
      'containeranalysis.occurrences.list',
      route('GET', collection, (request, parent) => list(occurrences, request, parent)),
    ),
    needs(
      'containeranalysis.occurrences.create',
      route('POST', collection, (request, parent) =>
        okReply(occurrenceView(create(parent, readJson(request)))),
      ),
    ),
    needs(
      'containeranalysis.occurrences.list',
      route('GET', new RegExp(`^/v1/(${PARENT})/occurrences:vulnerabilitySummary$`), (request, parent) =>
        okReply(
          vulnerabilitySummary(filtered(occurrences.under(parent), readQuery(request, ['filter'])['filter'])),
        ),
      ),
    ),
    needs(
      'containeranalysis.occurrences.get',
      route('GET', item, (_, name) => okReply(occurrenceView(known(occurrences.find(name), name)))),
    ),
    needs(
      'containeranalysis.occurrences.update',
      route('PATCH', item, (request, name) => patch(occurrences, request, name)),
    ),
    needs(
      'containeranalysis.occurrences.delete',
      route('DELETE', item, (_, name) => {
        known(occurrences.find(name), name);
        occurrences.remove(name);
        return okReply({});
      }),
    ),
    route('DELETE', /^\/-\/occurrences$/, () => {
      occurrences.clear();
      return okReply({});
    }),
  ];
}

function list(occurrences: Occurrences, request: ApiRequest, parent: string): ApiReply {
  const query = readQuery(request, ['filter', 'pageSize', 'pageToken', 'returnPartialSuccess']);
  return pageReply(query, {
    field: 'occurrences',
    items: filtered(occurrences.under(parent), query['filter']),
    keyOf: ({ name }) => name,
    view: occurrenceView,
  });
}

function patch(occurrences: Occurrences, request: ApiRequest, name: string): ApiReply {
  const { updateMask } = readQuery(request, ['updateMask']);
  const { fields } = known(occurrences.find(name), name);
  const body: unknown = readJson(request);
  const given = isRecord(body) ? body : {};
  const masked = updateMask === undefined ? Object.keys(given) : updateMask.split(',');
  const changes = Object.fromEntries(masked.map((field) => [field, given[field]]));
  const replaced = occurrences.replace(name, readOccurrence({ ...fields, ...changes }));
  return okReply(occurrenceView(known(replaced, name)));
}

function occurrenceView({ name, createMicros, updateMicros, fields }: Occurrence): object {
  return { name, ...fields, createTime: timestamp(createMicros), updateTime: timestamp(updateMicros) };
}

/** Filters call the resource `resourceUrl`, as they did before the field got its present name. */
function filtered(all: readonly Occurrence[], text = ''): readonly Occurrence[] {
  return inWords(() => {
    const filter: Filter | undefined = parseFilter(text);
    return all.filter((occurrence) =>
      matches(filter, { read: (path) => valueAt(occurrenceView(occurrence), path) }),
    );
  });
}

const ALIASES: Readonly<Record<string, string>> = {
  resourceUrl: 'resourceUri',
  resource_url: 'resourceUri',
  resource_uri: 'resourceUri',
  note_name: 'noteName',
  noteId: 'noteName',
};

function valueAt(view: object, [first = '', ...rest]: readonly string[]): unknown {
  const whole = (view as Message)[ALIASES[first] ?? first];
  const value = first === 'noteId' && typeof whole === 'string' ? whole.split('/').at(-1) : whole;
  return rest.reduce<unknown>((inner, key) => (isRecord(inner) ? inner[key] : undefined), value);
}

function inWords<T>(read: () => T): T {
  try {
    return read();
  } catch (thrown) {
    if (thrown instanceof FilterError) throw badField('filter', `Invalid filter: ${thrown.message}`);
    throw thrown;
  }
}

function known(occurrence: Occurrence | undefined, name: string): Occurrence {
  if (occurrence !== undefined) return occurrence;
  throw new CloudError(
    'NOT_FOUND',
    `occurrence with ID "${name.split('/').at(-1) ?? ''}" for project "${name.split('/')[1] ?? ''}" does not exist`,
  );
}

function route(
  method: string,
  pattern: RegExp,
  handle: (request: ApiRequest, name: string) => ApiReply,
): Route {
  return { method, pattern, handle: (request, name = '') => handle(request, name) };
}
