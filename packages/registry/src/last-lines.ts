/** The end of what a program printed, as one line for a message. */
export function lastLines(output: string, count = 3): string {
  const lines = output
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== '');
  return lines.length === 0 ? 'it printed nothing' : lines.slice(-count).join('; ');
}
