/** A fault named by where it stands in the tree of the file; `key` points at the key, `value` at what it holds. */
export interface Finding {
  readonly path: Path;
  readonly at: 'key' | 'value';
  readonly message: string;
}

export type Path = readonly (string | number)[];

export function atValue(path: Path, message: string): Finding {
  return { path, at: 'value', message };
}

export function atKey(path: Path, message: string): Finding {
  return { path, at: 'key', message };
}

/** What a path is about, as the beginning of a sentence: `unit "habits": run.port`. */
export function subjectOf(path: Path): string {
  const [section, name, ...rest] = path;
  const kind = SECTIONS.get(String(section));
  if (section === undefined) return 'the manifest';
  if (kind === undefined || name === undefined) return dotted(path);
  const owner = `${kind} ${shown(name)}`;
  return rest.length === 0 ? owner : `${owner}: ${dotted(rest)}`;
}

/** User's text in quotes with nothing that could break a line; anything else by what it is. */
export function shown(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value.length > 80 ? `${value.slice(0, 79)}…` : value);
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  if (value === null || value === undefined) return 'nothing';
  return Array.isArray(value) ? 'a list' : 'a map';
}

const SECTIONS: ReadonlyMap<string, string> = new Map([
  ['environments', 'environment'],
  ['shared', 'shared set'],
  ['units', 'unit'],
]);

function dotted(path: Path): string {
  return path
    .map((step) =>
      typeof step === 'number' ? `[${step}]` : `.${/^[\w-]+$/.test(step) ? step : shown(step)}`,
    )
    .join('')
    .replace(/^\./, '');
}
