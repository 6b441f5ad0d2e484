/** `1 unit`, `3 units`: a number and its noun, for people. The noun takes an s. */
export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
