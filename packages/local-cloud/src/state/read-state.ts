import { readFileSync } from 'node:fs';

import { messageOf } from '@fairlead/action-kit';

import { errorCode } from './error-code.ts';
import { StateError } from './state-error.ts';
import { type Batch, HEADER, readBatch } from './state-lines.ts';
import type { ByteStore } from './value-text.ts';
import type { Change } from './watched-maps.ts';

type AnyMap = Map<unknown, unknown>;

/** What a state file holds. */
export interface SavedState {
  /** By name; a map that nobody asks for is carried along. */
  readonly roots: ReadonlyMap<string, AnyMap>;
  readonly micros: number;
  /** Bytes up to the end of the last whole line: what follows was being written when the writer was killed, and nobody was told that it was. */
  readonly length: number;
}

/** Undefined when there is no file, or an empty one. Throws {@link StateError} and changes nothing when it is none of ours or damaged. */
export function readState(file: string, bytes: ByteStore): SavedState | undefined {
  const content = contentOf(file);
  if (content === undefined || content.length === 0) return undefined;
  const afterHeader = content.indexOf('\n') + 1;
  checkHeader(file, content.subarray(0, Math.max(0, afterHeader - 1)));
  const roots = new Map<string, AnyMap>();
  let micros = 0;
  let start = afterHeader;
  for (let line = 2; ; line += 1) {
    const end = content.indexOf('\n', start);
    if (end < 0) return { roots, micros, length: start };
    const batch = batchAt(content.subarray(start, end), bytes, { file, line, at: start });
    for (const change of batch.changes) apply(roots, change);
    micros = Math.max(micros, batch.micros);
    start = end + 1;
  }
}

function contentOf(file: string): Buffer | undefined {
  try {
    return readFileSync(file);
  } catch (thrown) {
    if (errorCode(thrown) === 'ENOENT') return undefined;
    throw new StateError('unreadable', `state file "${file}" cannot be read: ${messageOf(thrown)}`, {
      cause: thrown,
    });
  }
}

function checkHeader(file: string, line: Buffer): void {
  const header = jsonOf(line.subarray(0, 1024).toString('utf8'));
  const { file: kind, version } = (typeof header === 'object' && header !== null ? header : {}) as {
    readonly file?: unknown;
    readonly version?: unknown;
  };
  if (kind !== HEADER.file)
    throw new StateError(
      'foreign',
      `"${file}" is no state file of a local cloud: its first line must be ${JSON.stringify(HEADER)}; it is left as it is, give another file`,
    );
  if (version !== HEADER.version)
    throw new StateError(
      'newer',
      `state file "${file}" has version ${JSON.stringify(version)} and this local cloud reads version ${HEADER.version}; it is left as it is, use the release that wrote it or give another file`,
    );
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

function batchAt(
  line: Buffer,
  bytes: ByteStore,
  place: { readonly file: string; readonly line: number; readonly at: number },
): Batch {
  const batch = readBatch(line, bytes);
  if (batch !== undefined) return batch;
  throw new StateError(
    'corrupt',
    `state file "${place.file}" is damaged at line ${place.line} (byte ${place.at}): its checksum does not fit; it is left as it is, restore a copy, or keep what came before by cutting the file there: head -n ${place.line - 1}`,
  );
}

function apply(roots: Map<string, AnyMap>, change: Change): void {
  const [root, ...keys] = change.path;
  const name = String(root);
  const top = roots.get(name) ?? new Map<unknown, unknown>();
  roots.set(name, top);
  const map = keys.slice(0, -1).reduce<AnyMap>(innerAt, top);
  if (change.kind === 'set') map.set(keys.at(-1), change.value);
  else map.delete(keys.at(-1));
}

function innerAt(map: AnyMap, key: unknown): AnyMap {
  const found = map.get(key);
  if (found instanceof Map) return found as AnyMap;
  const inner = new Map<unknown, unknown>();
  map.set(key, inner);
  return inner;
}
