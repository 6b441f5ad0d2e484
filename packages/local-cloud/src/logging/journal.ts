import type { RequestRecord } from '../data/index.ts';
import type { LogLine } from '../data-plane.ts';
import { type Bound, newest } from './newest.ts';

/** One line of a container, of the platform about it, or one request, in the order in which all of them came. */
export type JournalEntry = LineEntry | RequestEntry;

interface Place {
  /** Microseconds since the epoch: larger than that of every entry before, so that whoever asks for what came after loses and doubles nothing. */
  readonly micros: number;
  /** Full name of the revision or of the execution. */
  readonly source: string;
}

export interface LineEntry extends Place {
  readonly kind: 'line';
  readonly line: LogLine;
}

export interface RequestEntry extends Place {
  readonly kind: 'request';
  readonly request: RequestRecord;
}

export interface Journal {
  readonly append: (source: string, line: LogLine) => void;
  readonly appendRequest: (revision: string, request: RequestRecord) => void;
  /** Oldest first. */
  readonly entries: () => readonly JournalEntry[];
}

export interface JournalBounds {
  readonly lines?: Bound;
  readonly requests?: Bound;
}

const linesBound: Bound = { entries: 20_000, bytes: 16 * 1024 * 1024 };
const requestsBound: Bound = { entries: 20_000, bytes: 8 * 1024 * 1024 };

/** Keeps the newest lines of all revisions and executions, and beside them the newest requests: a load of these drives no line out. */
export function journal(bounds: JournalBounds = {}): Journal {
  const lines = newest<LineEntry>(bounds.lines ?? linesBound);
  const requests = newest<RequestEntry>(bounds.requests ?? requestsBound);
  let last = 0;
  const next = (timeMs: number) => {
    last = Math.max(last + 1, Math.round(timeMs * 1_000));
    return last;
  };
  return {
    append: (source, line) => {
      lines.add({ kind: 'line', micros: next(line.timeMs), source, line }, line.text.length);
    },
    appendRequest: (source, request) => {
      requests.add({ kind: 'request', micros: next(request.timeMs), source, request }, bytesOf(request));
    },
    entries: () => merged(lines.all(), requests.all()),
  };
}

/** What a record takes besides its texts, about. */
const recordBytes = 300;

function bytesOf({ url, userAgent = '', referer = '' }: RequestRecord): number {
  return recordBytes + url.length + userAgent.length + referer.length;
}

/** Both are in order, which leaves nothing to compare where one of them is empty. */
function merged(lines: readonly LineEntry[], requests: readonly RequestEntry[]): readonly JournalEntry[] {
  if (requests.length === 0) return lines;
  const all: JournalEntry[] = [];
  let at = 0;
  for (const line of lines) {
    for (let request = requests[at]; request !== undefined && request.micros < line.micros;) {
      all.push(request);
      at += 1;
      request = requests[at];
    }
    all.push(line);
  }
  return all.concat(requests.slice(at));
}
