import { Readable } from 'node:stream';

import { expect, test } from '@jest/globals';
import { array, assert, asyncProperty, constantFrom, nat, string, tuple } from 'fast-check';

import { readFrames } from './read-frames.ts';

function frame(output: number, content: string): Buffer {
  const bytes = Buffer.from(content);
  const header = Buffer.from([output, 0, 0, 0, 0, 0, 0, 0]);
  header.writeUInt32BE(bytes.length, 4);
  return Buffer.concat([header, bytes]);
}

async function linesOf(chunks: readonly Buffer[]): Promise<string[]> {
  const lines: string[] = [];
  await readFrames(Readable.from(chunks, { objectMode: false }), (stream, text) => {
    lines.push(`${stream}: ${text}`);
  });
  return lines;
}

test('what a container writes to its two outputs arrives as lines of each', async () => {
  const frames = [frame(1, 'one\ntw'), frame(2, 'oops\r\n'), frame(1, 'o\nrest')];

  expect(await linesOf(frames)).toEqual(['stdout: one', 'stderr: oops', 'stdout: two', 'stdout: rest']);
});

test('where the engine cuts its stream makes no difference to the lines', async () => {
  const written = array(tuple(constantFrom(1, 2), string({ unit: 'grapheme' })));
  await assert(
    asyncProperty(written, nat(40), async (pieces, cut) => {
      const whole = Buffer.concat(pieces.map(([output, content]) => frame(output, content)));
      const cuts = [whole.subarray(0, cut), whole.subarray(cut)].filter((part) => part.length > 0);

      expect(await linesOf(cuts)).toEqual(await linesOf([whole].filter((part) => part.length > 0)));
    }),
  );
});
