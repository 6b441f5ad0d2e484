import type { Readable } from 'node:stream';

import type { Launch } from '../containers/engine.ts';
import { splitLines } from '../containers/split-lines.ts';

const headerBytes = 8;

/**
 * Reads the engine's stream of both outputs to its end: frames of one byte that names the output (1 stdout, 2 stderr), three zeros, the length in four
 * bytes, and that many bytes of output.
 */
export async function readFrames(stream: Readable, onLine: Launch['onLine']): Promise<void> {
  const outputs = { 1: linesOf('stdout', onLine), 2: linesOf('stderr', onLine) };
  let held = Buffer.alloc(0);
  for await (const chunk of stream) {
    held = Buffer.concat([held, chunk as Buffer]);
    for (let frame = firstFrame(held); frame !== undefined; frame = firstFrame(held)) {
      outputs[frame.output].write(frame.content);
      held = held.subarray(frame.end);
    }
  }
  outputs[1].end();
  outputs[2].end();
}

function linesOf(stream: 'stdout' | 'stderr', onLine: Launch['onLine']) {
  return splitLines((text) => {
    onLine(stream, text);
  });
}

function firstFrame(held: Buffer) {
  if (held.length < headerBytes) return undefined;
  const end = headerBytes + held.readUInt32BE(4);
  if (held.length < end) return undefined;
  const output: 1 | 2 = held[0] === 2 ? 2 : 1;
  return { output, content: held.subarray(headerBytes, end), end };
}
