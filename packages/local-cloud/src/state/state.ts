import { closeSync, openSync, renameSync, rmSync, writeFileSync } from 'node:fs';

import { messageOf } from '@fairlead/action-kit';

import { type ByteFiles, byteFiles } from './byte-files.ts';
import { freshPath, type Journal, openJournal } from './journal.ts';
import { lockFile } from './lock-file.ts';
import { readState, type SavedState } from './read-state.ts';
import { StateError } from './state-error.ts';
import { batchLine, headerLine } from './state-lines.ts';
import { type WatchedMaps, watchMaps } from './watched-maps.ts';

type AnyMap = Map<unknown, unknown>;
type Roots = Readonly<Record<string, AnyMap>>;

/** The maps of a local cloud, kept in a file. */
export interface State {
  /** The last microsecond that the clock had given out, 0 for a new file. */
  readonly micros: number;
  /** Fills the maps with what the file has of them, by name, and from then on keeps every change of them. To be called once. */
  readonly keep: (roots: Roots, lastMicros: () => number) => void;
  /**
   * Puts all changes so far into the file: they outlive this process from then on, however it ends (not a loss of power). Cheap when there are none. Throws
   * {@link StateError} `unwritable`; the changes are tried again with the next call.
   */
  readonly commit: () => void;
  /** Writes what is left and nothing more: what the end of the cloud does to its maps is not kept. */
  readonly stop: () => void;
  /** Gives the file free. */
  readonly close: () => void;
}

/** How long a change that nobody was told of stays out of the file. */
const QUIET_MS = 20;
const SMALL_BYTES = 4 * 1024 * 1024;

/** Throws {@link StateError} when another cloud has the file, or when it is none of ours, newer or damaged. */
export function openState(file: string, log: (line: string) => void = () => undefined): State {
  const release = written(file, () => lockFile(file));
  try {
    rmSync(freshPath(file), { force: true });
    const bytes = byteFiles(`${file}.content/objects`);
    const saved = readState(file, bytes);
    written(file, () => {
      if (saved === undefined) begin(file);
      else closeSync(openSync(file, 'r+'));
    });
    const journal = openJournal(file, saved?.length ?? headerLine().length);
    return keptState({ file, saved, bytes, journal, release, log });
  } catch (thrown) {
    release();
    throw thrown;
  }
}

interface Opened {
  readonly file: string;
  readonly saved: SavedState | undefined;
  readonly bytes: ByteFiles;
  readonly journal: Journal;
  readonly release: () => void;
  readonly log: (line: string) => void;
}

function keptState({ file, saved, bytes, journal, release, log }: Opened): State {
  const others = new Map(saved?.roots);
  let kept: Kept | undefined;
  let timer: NodeJS.Timeout | undefined;
  let rewriteAt = Math.max(SMALL_BYTES, 2 * journal.size());

  const commit = () => {
    if (kept === undefined) return;
    clearTimeout(timer);
    timer = undefined;
    const { watched, lastMicros } = kept;
    const { changes, giveBack } = watched.take();
    if (changes.length === 0) return;
    try {
      written(file, () => {
        journal.append(batchLine({ micros: lastMicros(), changes }, bytes));
      });
    } catch (thrown) {
      giveBack();
      throw thrown;
    }
    if (journal.size() > rewriteAt) void rewrite(kept);
  };
  const rewrite = async ({ roots, lastMicros }: Kept) => {
    rewriteAt = Number.POSITIVE_INFINITY;
    try {
      await journal.rewrite(linesOf({ ...Object.fromEntries(others), ...roots }, lastMicros, bytes), commit);
    } catch (thrown) {
      log(`state file "${file}" grows, as it cannot be written anew: ${messageOf(thrown)}`);
    }
    rewriteAt = Math.max(SMALL_BYTES, 2 * journal.size());
  };
  const soon = () => {
    timer ??= setTimeout(() => {
      attempt(commit, log);
    }, QUIET_MS).unref();
  };
  const stop = () => {
    attempt(commit, log);
    kept = undefined;
    clearTimeout(timer);
  };
  return {
    micros: saved?.micros ?? 0,
    keep: (roots, lastMicros) => {
      for (const [name, map] of Object.entries(roots)) {
        for (const [key, value] of others.get(name) ?? []) map.set(key, value);
        others.delete(name);
      }
      bytes.sweep();
      kept = { roots, lastMicros, watched: watchMaps(roots, soon) };
    },
    commit,
    stop,
    close: () => {
      stop();
      journal.close();
      release();
    },
  };
}

interface Kept {
  readonly roots: Roots;
  readonly lastMicros: () => number;
  readonly watched: WatchedMaps;
}

function* linesOf(roots: Roots, lastMicros: () => number, bytes: ByteFiles): Generator<string> {
  yield headerLine();
  for (const [name, map] of Object.entries(roots))
    for (const [key, value] of map)
      yield batchLine({ micros: lastMicros(), changes: [{ kind: 'set', path: [name, key], value }] }, bytes);
}

function begin(file: string): void {
  const fresh = freshPath(file);
  writeFileSync(fresh, headerLine());
  renameSync(fresh, file);
}

function written<T>(file: string, write: () => T): T {
  try {
    return write();
  } catch (cause) {
    if (cause instanceof StateError) throw cause;
    const why = messageOf(cause);
    throw new StateError('unwritable', `state file "${file}" cannot be written: ${why}`, { cause });
  }
}

function attempt(commit: () => void, log: (line: string) => void): void {
  try {
    commit();
  } catch (thrown) {
    log(messageOf(thrown));
  }
}
