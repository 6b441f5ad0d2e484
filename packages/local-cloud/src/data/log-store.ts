import type { LogLine, LogSelector } from '../data-plane.ts';

export interface LogBound {
  readonly lines: number;
  readonly bytes: number;
}

/** Enough to see why something failed; a week of a chatty service does not fit into memory. Per revision and per execution. */
const defaultLogBound: LogBound = { lines: 5_000, bytes: 2 ** 20 };

/** Keeps the newest lines of each revision and of each execution. */
export function logStore(bound: LogBound = defaultLogBound): LogStore {
  const kept = new Map<string, Kept>();
  return {
    append: ({ source, task }, line) => {
      const lines = kept.get(source) ?? { entries: [], bytes: 0 };
      kept.set(source, lines);
      append(lines, { line: cut(line, bound.bytes), ...(task === undefined ? {} : { task }) });
      trim(lines, bound);
    },
    read: (selector) => {
      if ('task' in selector)
        return allOf(kept)
          .filter((entry) => entry.task === selector.task)
          .map(lineOf);
      const source = 'revision' in selector ? selector.revision : selector.execution;
      return kept.get(source)?.entries.map(lineOf) ?? [];
    },
  };
}

export interface LogStore {
  readonly append: (from: LogSource, line: LogLine) => void;
  readonly read: (selector: LogSelector) => readonly LogLine[];
}

export interface LogSource {
  /** Full name of the revision or of the execution. */
  readonly source: string;
  readonly task?: string;
}

interface Entry {
  readonly line: LogLine;
  readonly task?: string;
}

interface Kept {
  readonly entries: Entry[];
  bytes: number;
}

function append(kept: Kept, entry: Entry): void {
  kept.entries.push(entry);
  kept.bytes += entry.line.text.length;
}

function trim(kept: Kept, bound: LogBound): void {
  while (kept.entries.length > bound.lines || kept.bytes > bound.bytes) {
    kept.bytes -= kept.entries.shift()?.line.text.length ?? 0;
  }
}

function cut(line: LogLine, bytes: number): LogLine {
  return line.text.length <= bytes ? line : { ...line, text: line.text.slice(0, bytes) };
}

function allOf(kept: ReadonlyMap<string, Kept>): Entry[] {
  return [...kept.values()].flatMap((lines) => lines.entries);
}

function lineOf(entry: Entry): LogLine {
  return entry.line;
}
