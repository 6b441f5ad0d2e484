import type { Path } from './finding.ts';

/** Text and where it stands. */
interface Located {
  readonly text: string;
  readonly path: Path;
}

/** A named entry of a section, read without asking whether the rest of it is well formed. */
export interface Entry {
  readonly name: string;
  readonly path: Path;
  readonly text: (key: string) => string | undefined;
  readonly texts: (key: string) => readonly Located[];
  readonly at: (...keys: readonly string[]) => unknown;
}

/** What can be read of a manifest whatever is wrong with it, so that one fault does not hide another. */
export interface Outline {
  readonly project?: string;
  readonly region?: string;
  readonly environments: readonly Entry[];
  readonly shared: readonly Entry[];
  readonly units: readonly Entry[];
}

export function outlineOf(value: unknown): Outline {
  const top = entryOf('', [], value);
  const [project, region] = [top.text('project'), top.text('region')];
  const section = (key: string) =>
    entriesOf(top.at(key)).map(([name, entry]) => entryOf(name, [key, name], entry));
  return {
    ...(project === undefined ? {} : { project }),
    ...(region === undefined ? {} : { region }),
    environments: section('environments'),
    shared: section('shared'),
    units: section('units'),
  };
}

/** The entries of a map; none of anything else. */
export function entriesOf(value: unknown): readonly (readonly [string, unknown])[] {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? Object.entries(value) : [];
}

function entryOf(name: string, path: Path, value: unknown): Entry {
  const at = (...keys: readonly string[]): unknown => keys.reduce(within, value);
  return {
    name,
    path,
    at,
    text: (key) => {
      const found = at(key);
      return typeof found === 'string' ? found : undefined;
    },
    texts: (key) => locatedTexts(at(key), [...path, key]),
  };
}

function within(value: unknown, key: string): unknown {
  return entriesOf(value).find(([name]) => name === key)?.[1];
}

function locatedTexts(value: unknown, path: Path): readonly Located[] {
  if (typeof value === 'string') return [{ text: value, path }];
  if (!Array.isArray(value)) return [];
  return value.flatMap((item: unknown, index) =>
    typeof item === 'string' ? [{ text: item, path: [...path, index] }] : [],
  );
}
