import { CloudError } from '../control/cloud-error.ts';
import { microsOf } from '../control/time.ts';
import {
  type Comparison,
  comparisonsOf,
  type Fields,
  type Filter,
  FilterError,
  matches,
  parseFilter,
} from '../filter/index.ts';
import { isRecord } from '../messages/index.ts';
import type { EntryView } from './entry-view.ts';
import { severityNumber } from './severity.ts';

const FIELDS = [
  'httpRequest',
  'insertId',
  'jsonPayload',
  'labels',
  'logName',
  'log_name',
  'operation',
  'protoPayload',
  'receiveTimestamp',
  'resource',
  'severity',
  'sourceLocation',
  'spanId',
  'textPayload',
  'timestamp',
  'trace',
  'traceSampled',
];

export interface EntryFilter {
  readonly fits: (entry: EntryView) => boolean;
  /** No entry of an earlier time fits: whoever tails asks for the newest of many, and the others need not be looked at. */
  readonly fromMicros: number;
}

/** A filter of Cloud Logging. Throws INVALID_ARGUMENT for what is none: at once, whatever entries there are. */
export function entryFilter(text: string): EntryFilter {
  return inWordsOfLogging(() => {
    const filter = parseFilter(text);
    if (filter !== undefined) comparisonsOf(filter).forEach(check);
    return {
      fits: (entry) => inWordsOfLogging(() => matches(filter, fieldsOf(entry))),
      fromMicros: Math.max(0, ...lowerBounds(filter)),
    };
  });
}

function lowerBounds(filter: Filter | undefined): readonly number[] {
  if (filter?.kind === 'and') return filter.parts.flatMap(lowerBounds);
  if (filter?.kind !== 'compare' || filter.path.join('.') !== 'timestamp') return [];
  const { comparator, operand } = filter;
  const isLower = comparator === '>' || comparator === '>=' || comparator === '=';
  return isLower && operand.kind === 'text' ? [microsOf(operand.text) ?? 0] : [];
}

function fieldsOf(entry: EntryView): Fields {
  return { read: (path) => valueAt(entry, path), rank, ignoresCase: true, everything: entry };
}

/** A field without a value has its default: an entry without a severity is of severity DEFAULT. */
function valueAt(entry: EntryView, [first = '', ...rest]: readonly string[]): unknown {
  const name = first === 'log_name' ? 'logName' : first;
  const value = entry[name] ?? (name === 'severity' ? 'DEFAULT' : undefined);
  return rest.reduce<unknown>((inner, key) => (isRecord(inner) ? inner[key] : undefined), value);
}

function rank([first = '', second]: readonly string[], text: string): number | undefined {
  if (first === 'severity') return severityNumber(text);
  if (first === 'httpRequest' && second === 'latency') return secondsOf(text);
  return isTime(first) ? microsOf(text) : undefined;
}

/** Of a proto duration such as "0.25s". */
function secondsOf(text: string): number | undefined {
  return /^\d+(?:\.\d{1,9})?s$/.test(text) ? Number(text.slice(0, -1)) : undefined;
}

function check({ path, comparator, operand }: Comparison): void {
  const [first = ''] = path;
  if (!FIELDS.includes(first)) throw new FilterError(`field "${path.join('.')}" is not known`);
  if (comparator === ':' || comparator === '=~' || comparator === '!~' || operand.kind === 'call') return;
  if (first === 'severity' && severityNumber(operand.text) === undefined)
    throw new FilterError(`"${operand.text}" is no severity`);
  if (isTime(first) && microsOf(operand.text) === undefined)
    throw new FilterError(`"${operand.text}" is no timestamp such as "2026-11-21T08:00:00Z"`);
}

function isTime(field: string): boolean {
  return field === 'timestamp' || field === 'receiveTimestamp';
}

function inWordsOfLogging<T>(read: () => T): T {
  try {
    return read();
  } catch (thrown) {
    if (thrown instanceof FilterError)
      throw new CloudError('INVALID_ARGUMENT', `Unparseable filter: ${thrown.message}`);
    throw thrown;
  }
}
