import { closeSync, fsync, ftruncateSync, openSync, renameSync, rmSync, writeSync } from 'node:fs';
import { setImmediate } from 'node:timers/promises';
import { promisify } from 'node:util';

/** A file that grows by whole lines, and is now and then written anew without what the later lines made old. */
export interface Journal {
  /** Hands the lines to the operating system; throws, and leaves the file as it was, when that fails. */
  readonly append: (text: string) => void;
  /**
   * Writes the lines into another file, a part at a time so that others get their turn, with what is appended meanwhile after them, and puts it in place of
   * this one; `beforeReplace` appends what is still to be in it. Does nothing while another rewrite is under way.
   */
  readonly rewrite: (lines: Iterable<string>, beforeReplace: () => void) => Promise<void>;
  readonly size: () => number;
  readonly close: () => void;
}

const PART_BYTES = 256 * 1024;

/** Goes on after `length` bytes of the file, cutting what is behind them. */
export function openJournal(file: string, length: number): Journal {
  let current = { descriptor: openSync(file, 'r+'), size: length };
  ftruncateSync(current.descriptor, length);
  let meanwhile: string[] | undefined;
  let isClosed = false;
  return {
    append: (text) => {
      current.size += writeAll(current.descriptor, text, current.size);
      meanwhile?.push(text);
    },
    rewrite: async (lines, beforeReplace) => {
      if (meanwhile !== undefined) return;
      const fresh = openFresh(file);
      meanwhile = [];
      try {
        await fill(fresh, lines, () => isClosed);
        if (isClosed) return;
        beforeReplace();
        fresh.size += writeAll(fresh.descriptor, meanwhile.join(''), fresh.size);
        renameSync(fresh.path, file);
        closeSync(current.descriptor);
        current = fresh;
      } finally {
        meanwhile = undefined;
        if (current !== fresh) discard(fresh);
      }
    },
    size: () => current.size,
    close: () => {
      isClosed = true;
      closeSync(current.descriptor);
    },
  };
}

interface Fresh {
  readonly path: string;
  readonly descriptor: number;
  size: number;
}

/** Where a file is written that is to take the place of this one. What a kill has left there is worth nothing. */
export function freshPath(file: string): string {
  return `${file}.new`;
}

function openFresh(file: string): Fresh {
  const path = freshPath(file);
  return { path, descriptor: openSync(path, 'w'), size: 0 };
}

async function fill(fresh: Fresh, lines: Iterable<string>, isUnwanted: () => boolean): Promise<void> {
  for (const part of partsOf(lines)) {
    fresh.size += writeAll(fresh.descriptor, part, fresh.size);
    await setImmediate();
    if (isUnwanted()) return;
  }
  await promisify(fsync)(fresh.descriptor);
}

/** On a disk that is full, what was written in vain would keep others from being written. */
function discard({ descriptor, path }: Fresh): void {
  closeSync(descriptor);
  rmSync(path, { force: true });
}

function* partsOf(lines: Iterable<string>): Generator<string> {
  let part = '';
  for (const line of lines) {
    part += line;
    if (part.length < PART_BYTES) continue;
    yield part;
    part = '';
  }
  yield part;
}

function writeAll(descriptor: number, text: string, at: number): number {
  const bytes = Buffer.from(text);
  try {
    for (let done = 0; done < bytes.length;)
      done += writeSync(descriptor, bytes, done, bytes.length - done, at + done);
  } catch (thrown) {
    ftruncateSync(descriptor, at);
    throw thrown;
  }
  return bytes.length;
}
