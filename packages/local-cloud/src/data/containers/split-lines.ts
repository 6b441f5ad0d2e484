import { StringDecoder } from 'node:string_decoder';

// A program that never ends its line must not fill the memory; Cloud Logging's entries end at 256 KiB.
const longestLine = 256 * 1024;

/** Cuts a byte stream into lines; `end` gives what is left without a line end. */
export function splitLines(onLine: (text: string) => void): LineSplitter {
  const decoder = new StringDecoder('utf8');
  let rest = '';
  const take = (text: string) => {
    const lines = (rest + text).split('\n');
    rest = lines.pop() ?? '';
    lines.forEach((line) => {
      onLine(line.endsWith('\r') ? line.slice(0, -1) : line);
    });
    if (rest.length < longestLine) return;
    onLine(rest);
    rest = '';
  };
  return {
    write: (chunk) => {
      take(decoder.write(chunk));
    },
    end: () => {
      take(decoder.end());
      if (rest !== '') onLine(rest);
      rest = '';
    },
  };
}

export interface LineSplitter {
  readonly write: (chunk: Buffer) => void;
  readonly end: () => void;
}
