/** Replaces what stands between `<!-- name -->` and `<!-- /name -->`; throws when the markers are missing. */
export function fillMarkers(document: string, name: string, content: string): string {
  const pattern = new RegExp(`(<!-- ${name} -->)[\\s\\S]*?(<!-- /${name} -->)`);
  if (!pattern.test(document)) throw new Error(`has no <!-- ${name} --> … <!-- /${name} --> markers`);
  return document.replace(pattern, (_, open: string, close: string) => `${open}\n\n${content}\n\n${close}`);
}

/** Whether a document has the markers. */
export function hasMarkers(document: string, name: string): boolean {
  return document.includes(`<!-- ${name} -->`) && document.includes(`<!-- /${name} -->`);
}

/** A Markdown table whose cells are safe and padded the way prettier pads them. */
export function markdownTable(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const lines = [header, ...rows].map((cells) =>
    cells.map((cell) => cell.replace(/\s*\n\s*/g, ' ').replace(/\|/g, '\\|')),
  );
  const widths = header.map((_, column) => Math.max(3, ...lines.map((cells) => width(cells[column] ?? ''))));
  const render = (cells: readonly string[]) =>
    `| ${widths.map((size, column) => pad(cells[column] ?? '', size)).join(' | ')} |`;
  const [head = [], ...body] = lines;
  return [
    render(head),
    `| ${widths.map((size) => '-'.repeat(size)).join(' | ')} |`,
    ...body.map(render),
  ].join('\n');
}

function width(text: string): number {
  return Array.from(text).length;
}

function pad(text: string, size: number): string {
  return text + ' '.repeat(size - width(text));
}
