import { type ASTNode, type DocumentNode, getLocation, Kind, visit } from 'graphql';

import type { SchemaPlace } from './subgraph.ts';

/** A parsed subgraph. */
export interface ParsedSubgraph {
  readonly name: string;
  readonly url: string;
  readonly file: string;
  readonly document: DocumentNode;
}

/** Schema coordinate, such as `Entry.mood` or `Mood.CALM`, to the places that define it. */
export type Coordinates = ReadonlyMap<string, readonly SchemaPlace[]>;

export function coordinatesOf(subgraphs: readonly ParsedSubgraph[]): Coordinates {
  const places = new Map<string, SchemaPlace[]>();
  for (const subgraph of subgraphs)
    for (const [coordinate, node] of namedNodes(subgraph.document)) {
      const place = placeOf(subgraph, node);
      if (place !== undefined) places.set(coordinate, [...(places.get(coordinate) ?? []), place]);
    }
  return places;
}

function placeOf(
  { name, file }: Pick<ParsedSubgraph, 'name' | 'file'>,
  { loc }: ASTNode,
): SchemaPlace | undefined {
  if (loc === undefined) return undefined;
  const { line, column } = getLocation(loc.source, loc.start);
  return { subgraph: name, file, line, column };
}

function namedNodes(document: DocumentNode): readonly (readonly [string, ASTNode])[] {
  const found: (readonly [string, ASTNode])[] = [];
  const path: string[] = [];
  visit(document, {
    enter: (node) => {
      const coordinate = coordinateOf(node, path);
      if (coordinate === undefined) return;
      found.push([coordinate, 'name' in node ? (node.name ?? node) : node]);
      path.push(coordinate);
    },
    leave: (node) => {
      if (coordinateOf(node, path.slice(0, -1)) === path.at(-1)) path.pop();
    },
  });
  return found;
}

function coordinateOf(node: ASTNode, path: readonly string[]): string | undefined {
  const parent = path.at(-1) ?? '';
  switch (node.kind) {
    case Kind.SCHEMA_DEFINITION:
    case Kind.SCHEMA_EXTENSION:
      return 'schema';
    case Kind.DIRECTIVE_DEFINITION:
      return `@${node.name.value}`;
    case Kind.FIELD_DEFINITION:
    case Kind.ENUM_VALUE_DEFINITION:
      return `${parent}.${node.name.value}`;
    case Kind.INPUT_VALUE_DEFINITION:
      return parent.includes('.') || parent.startsWith('@')
        ? `${parent}(${node.name.value}:)`
        : `${parent}.${node.name.value}`;
    default:
      return /Type(?:Definition|Extension)$/.test(node.kind) && 'name' in node ? node.name.value : undefined;
  }
}
