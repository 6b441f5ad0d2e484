/** The end of what a program printed, as one line for a message; where a stack ends it, the error above the stack counts. */
export function lastLines(output: string, count = 3): string {
  const lines = output
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== '');
  const telling = lines.filter((line) => !STACK.test(line));
  const chosen = telling.length === 0 ? lines : telling;
  return chosen.length === 0 ? 'it printed nothing' : chosen.slice(-count).join('; ');
}

// What Node prints below an error that nobody caught.
const STACK = /^(at .+|Node\.js v\d[\d.]*)$/;
