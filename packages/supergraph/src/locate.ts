import type { Coordinates } from './coordinates.ts';
import type { SchemaPlace } from './subgraph.ts';

/** A message of the composition and what was already known about it. */
export interface Unplaced {
  readonly message: string;
  readonly subgraphName?: string;
}

/** The subgraphs that a message is about: the one it is filed under, and those that it quotes. */
export function subgraphsIn(
  { message, subgraphName }: Unplaced,
  names: readonly string[],
): readonly string[] {
  const prefix = /^\[([^\]]+)\] /.exec(message)?.[1];
  const quoted = quotedIn(message);
  return names.filter((name) => name === subgraphName || name === prefix || quoted.includes(name));
}

/**
 * The places that a message speaks of: of the coordinates that it quotes the longest that is defined in a subgraph
 * that it names; failing that the coordinate's type; failing that the schemas themselves.
 */
export function placesFor(
  message: string,
  subgraphs: readonly string[],
  coordinates: Coordinates,
): readonly SchemaPlace[] {
  const quoted = quotedIn(message).flatMap(coordinatesIn);
  const longestFirst = [...new Set(quoted)].sort((one, other) => other.length - one.length);
  const types = longestFirst.map((coordinate) => coordinate.replace(/[.(].*$/, ''));
  const candidates = [...enumValueIn(message), ...longestFirst, ...types, 'schema'];
  const among = (coordinate: string) =>
    (coordinates.get(coordinate) ?? []).filter(
      ({ subgraph }) => subgraphs.length === 0 || subgraphs.includes(subgraph),
    );
  const first = candidates.find(
    (coordinate) => among(coordinate).length > 0 && isTelling(coordinate, subgraphs),
  );
  return first === undefined ? [] : among(first);
}

// Without a subgraph in the message every schema would be pointed at.
function isTelling(coordinate: string, subgraphs: readonly string[]): boolean {
  return coordinate !== 'schema' || subgraphs.length > 0;
}

function quotedIn(message: string): readonly string[] {
  return [...message.matchAll(/"([^"]+)"|'([^']+)'|`([^`]+)`/g)].map(
    ([, double, single, tick]) => double ?? single ?? tick ?? '',
  );
}

function coordinatesIn(text: string): readonly string[] {
  return /^@?\w+(?:\.\w+)?(?:\(\w+:\))?$/.test(text) ? [text] : [];
}

function enumValueIn(message: string): readonly string[] {
  const [, type, value] = /enum type "(\w+)".*?value "(\w+)"/.exec(message) ?? [];
  return type === undefined || value === undefined ? [] : [`${type}.${value}`];
}
