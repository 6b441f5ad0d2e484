import { timestamp } from '../control/time.ts';
import type { LogLine } from '../data-plane.ts';
import { isRecord, type Message } from '../messages/index.ts';
import type { JournalEntry } from './journal.ts';
import { requestView } from './request-view.ts';
import { severityNamed } from './severity.ts';

/** google.logging.v2.LogEntry, as far as the local cloud fills it. */
export interface EntryView extends Message {
  readonly logName: string;
  readonly insertId: string;
  readonly timestamp: string;
}

/** The entry that Cloud Run would have written for a line or a request. */
export function entryView(entry: JournalEntry): EntryView {
  const { micros, source } = entry;
  const { project, ...monitored } = sourceOf(source);
  const time = timestamp(micros);
  return {
    logName: logNameOf(entry),
    ...monitored,
    timestamp: time,
    receiveTimestamp: time,
    insertId: micros.toString(16).padStart(16, '0'),
    ...(entry.kind === 'request'
      ? requestView(project, entry.request)
      : lineView(entry.line, monitored['labels'])),
  };
}

/** `projects/P/logs/run.googleapis.com%2Fstdout` */
export function logNameOf(entry: JournalEntry): string {
  return `projects/${projectOf(entry.source)}/logs/run.googleapis.com%2F${logOf(entry)}`;
}

function logOf(entry: JournalEntry): string {
  if (entry.kind === 'request') return 'requests';
  return entry.line.stream === 'system' ? 'varlog%2Fsystem' : entry.line.stream;
}

/** The project of a full resource name. */
export function projectOf(source: string): string {
  return source.split('/')[1] ?? '';
}

function sourceOf(source: string): Message & { readonly project: string } {
  const [, project = '', , location = '', kind, owner = '', , short = ''] = source.split('/');
  const place = { project_id: project, location };
  if (kind === 'jobs')
    return {
      project,
      resource: { type: 'cloud_run_job', labels: { ...place, job_name: owner } },
      labels: { 'run.googleapis.com/execution_name': short },
    };
  if (kind === 'workerPools')
    return {
      project,
      resource: {
        type: 'cloud_run_worker_pool',
        labels: { ...place, worker_pool_name: owner, revision_name: short },
      },
    };
  const labels = { ...place, service_name: owner, revision_name: short, configuration_name: owner };
  return { project, resource: { type: 'cloud_run_revision', labels } };
}

function lineView(line: LogLine, labels: unknown): Message {
  const { container } = line;
  if (container === undefined) return payloadOf(line);
  return { labels: { ...(isRecord(labels) ? labels : {}), container_name: container }, ...payloadOf(line) };
}

/** A line that is a JSON object is a structured entry; its `severity` and some fields more belong to the entry itself. */
function payloadOf({ stream, text }: LogLine): Message {
  const json = jsonOf(text);
  if (json === undefined) return { ...(stream === 'system' ? { severity: 'INFO' } : {}), textPayload: text };
  const { severity: said, ...rest } = json;
  const severity = typeof said === 'string' ? severityNamed(said) : undefined;
  const entries = Object.entries(rest);
  const special = entries.flatMap(([key, value]) => {
    const field = SPECIAL[key];
    return field === undefined || !field.fits(value) ? [] : [[field.name, value] as const];
  });
  const payload = entries.filter(([key, value]) => SPECIAL[key]?.fits(value) !== true);
  return {
    ...(severity === undefined || severity === 'DEFAULT' ? {} : { severity }),
    ...Object.fromEntries(special),
    jsonPayload: Object.fromEntries([
      ...payload,
      ...(said === undefined || severity !== undefined ? [] : [['severity', said] as const]),
    ]),
  };
}

interface SpecialField {
  readonly name: string;
  readonly fits: (value: unknown) => boolean;
}

const isText = (value: unknown) => typeof value === 'string';

const SPECIAL: Readonly<Record<string, SpecialField>> = {
  'logging.googleapis.com/trace': { name: 'trace', fits: isText },
  'logging.googleapis.com/spanId': { name: 'spanId', fits: isText },
  'logging.googleapis.com/trace_sampled': {
    name: 'traceSampled',
    fits: (value) => typeof value === 'boolean',
  },
};

function jsonOf(text: string): Message | undefined {
  if (!text.trimStart().startsWith('{')) return undefined;
  try {
    const json: unknown = JSON.parse(text);
    return isRecord(json) ? json : undefined;
  } catch {
    return undefined;
  }
}
