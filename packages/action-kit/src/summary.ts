/** The step summary, written in Markdown. All cells and texts are escaped here. */
export interface Summary {
  readonly heading: (text: string) => void;
  readonly sentence: (text: string) => void;
  readonly table: (header: readonly string[], rows: readonly (readonly string[])[]) => void;
  /** A fenced block, `language` such as `sh`, `json`, `mermaid`. */
  readonly code: (language: string, text: string) => void;
}

/** The limit of the runner for one step's summary, in bytes (FileCommandManager.cs). */
const LIMIT_BYTES = 1024 * 1024;

/** A summary that keeps what is written until it is rendered. */
export function markdownSummary(): Summary & { readonly render: () => string } {
  const parts: string[] = [];
  return {
    heading: (text) => parts.push(`## ${escapeMarkdown(text)}`),
    sentence: (text) => parts.push(escapeMarkdown(text)),
    table: (header, rows) =>
      parts.push(
        [
          row(header),
          row(
            header.map(() => '---'),
            String,
          ),
          ...rows.map((cells) => row(cells)),
        ].join('\n'),
      ),
    code: (language, text) => {
      const fence = fenceFor(text);
      parts.push(`${fence}${language}\n${text}\n${fence}`);
    },
    render: () => withinLimit(parts),
  };
}

/** Text from outside made harmless in Markdown: no HTML, table cells, mentions of code or line breaks. */
export function escapeMarkdown(text: string): string {
  return text
    .replace(/[\r\n]+/g, ' ')
    .replace(/[\u202a-\u202e\u2066-\u2069]/g, '')
    .replace(/[\\`*_[\]|]/g, '\\$&')
    .replace(/</g, '&lt;')
    .replace(/@/g, '&#64;');
}

function row(cells: readonly string[], render = escapeMarkdown): string {
  return `| ${cells.map((cell) => render(cell)).join(' | ')} |`;
}

function fenceFor(text: string): string {
  const longest = [...text.matchAll(/`+/g)].reduce((most, [ticks]) => Math.max(most, ticks.length), 2);
  return '`'.repeat(longest + 1);
}

function withinLimit(parts: readonly string[]): string {
  const kept: string[] = [];
  let bytes = 0;
  for (const part of parts) {
    bytes += Buffer.byteLength(part) + 2;
    if (bytes > LIMIT_BYTES - 200)
      return [...kept, 'The rest does not fit into a step summary.', ''].join('\n\n');
    kept.push(part);
  }
  return [...kept, ''].join('\n\n');
}
