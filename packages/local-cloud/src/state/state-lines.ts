import { crc32 } from 'node:zlib';

import type { Change } from './watched-maps.ts';
import { type ByteStore, fromText, toText } from './value-text.ts';

/** The first line of a state file. A reader of another version does not touch the file. */
export const HEADER = { file: 'fairlead local cloud state', version: 1 } as const;

/** Changes that happened together, and the last microsecond that the clock had given out. */
export interface Batch {
  readonly micros: number;
  readonly changes: readonly Change[];
}

export function headerLine(): string {
  return `${JSON.stringify(HEADER)}\n`;
}

/** One line: a checksum of eight hexadecimal digits, a blank, JSON. */
export function batchLine({ micros, changes }: Batch, bytes: ByteStore): string {
  const text = toText([micros, ...changes.map(entryOf)], bytes);
  return `${checksum(text)} ${text}\n`;
}

/** Undefined for what no batch is: a wrong checksum or another form. */
export function readBatch(line: Buffer, bytes: ByteStore): Batch | undefined {
  const text = line.toString('utf8', 9);
  if (line.toString('latin1', 0, 9) !== `${checksum(text)} `) return undefined;
  const [micros, ...entries] = fromText(text, bytes) as readonly [number, ...Entry[]];
  return { micros, changes: entries.map(changeOf) };
}

type Entry = readonly [path: readonly unknown[]] | readonly [path: readonly unknown[], value: unknown];

function entryOf(change: Change): Entry {
  return change.kind === 'set' ? [change.path, change.value] : [change.path];
}

function changeOf(entry: Entry): Change {
  return entry.length === 2
    ? { kind: 'set', path: entry[0], value: entry[1] }
    : { kind: 'delete', path: entry[0] };
}

function checksum(text: string): string {
  return crc32(text).toString(16).padStart(8, '0');
}
