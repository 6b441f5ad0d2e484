import type { LogLine } from '../data-plane.ts';

/** One line of a container, or of the platform about it, in the order in which all lines came. */
export interface JournalEntry {
  /** Microseconds since the epoch: larger than that of every entry before, so that whoever asks for what came after loses and doubles nothing. */
  readonly micros: number;
  /** Full name of the revision or of the execution. */
  readonly source: string;
  readonly line: LogLine;
}

export interface Journal {
  readonly append: (source: string, line: LogLine) => void;
  /** Oldest first. */
  readonly entries: () => readonly JournalEntry[];
}

export interface JournalBound {
  readonly entries: number;
  readonly bytes: number;
}

const defaultBound: JournalBound = { entries: 20_000, bytes: 16 * 1024 * 1024 };

/** Keeps the newest lines of all revisions and executions together; the oldest go first. */
export function journal(bound: JournalBound = defaultBound): Journal {
  const kept: JournalEntry[] = [];
  let first = 0;
  let bytes = 0;
  let last = 0;
  const trim = () => {
    while (kept.length - first > bound.entries || bytes > bound.bytes) {
      bytes -= kept[first]?.line.text.length ?? 0;
      first += 1;
    }
    if (first <= kept.length / 10) return;
    kept.splice(0, first);
    first = 0;
  };
  return {
    append: (source, line) => {
      last = Math.max(last + 1, Math.round(line.timeMs * 1_000));
      kept.push({ micros: last, source, line });
      bytes += line.text.length;
      trim();
    },
    entries: () => kept.slice(first),
  };
}
