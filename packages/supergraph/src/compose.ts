import { createHash } from 'node:crypto';

import { composeServices } from '@theguild/federation-composition';
import { GraphQLError, parse, Source } from 'graphql';

import { sorted } from './canonical.ts';
import { coordinatesOf, type ParsedSubgraph } from './coordinates.ts';
import { withKnownVersion } from './federation-version.ts';
import { placesFor, subgraphsIn } from './locate.ts';
import type { Composition, CompositionError, SubgraphSource } from './subgraph.ts';

/**
 * The supergraph of the subgraphs, or all that keeps them apart. Equal schemas give equal bytes, whatever the order of
 * the subgraphs and of the definitions in them.
 */
export function compose(sources: readonly SubgraphSource[]): Composition {
  const named = duplicates(sources);
  const read = sources.map(parsedOrError);
  const errors = [...named, ...read.flatMap(({ error }) => error ?? [])];
  if (errors.length > 0) return { kind: 'errors', errors };
  return composed(read.flatMap(({ subgraph }) => subgraph ?? []));
}

function composed(subgraphs: readonly ParsedSubgraph[]): Composition {
  const inOrder = [...subgraphs].sort((one, other) => (one.name < other.name ? -1 : 1));
  const readable = inOrder.map(({ name, url, document }) => {
    const known = withKnownVersion(name, document);
    return { name, url, typeDefs: sorted(known.document), hints: known.hints };
  });
  const result = attempted(readable);
  if (result.supergraphSdl === undefined)
    return { kind: 'errors', errors: placed(result.errors, inOrder).toSorted(byPlace) };
  return {
    kind: 'supergraph',
    sdl: result.supergraphSdl,
    digest: digestOf(result.supergraphSdl),
    hints: readable.flatMap(({ hints }) => hints),
  };
}

/** SHA-256 of the text's UTF-8 bytes, in hex. */
export function digestOf(sdl: string): string {
  return createHash('sha256').update(sdl).digest('hex');
}

type Attempted =
  | { readonly supergraphSdl: string }
  | { readonly supergraphSdl?: undefined; readonly errors: readonly GraphQLError[] };

// The library throws on some valid constructs that it does not know; that is an error of the composition like others.
function attempted(services: readonly Parameters<typeof composeServices>[0][number][]): Attempted {
  try {
    const result = composeServices([...services]);
    return result.supergraphSdl === undefined
      ? { errors: result.errors }
      : { supergraphSdl: result.supergraphSdl };
  } catch (thrown) {
    const said = thrown instanceof Error ? thrown.message : String(thrown);
    return {
      errors: [new GraphQLError(`the composition gave up: ${said}`, { extensions: { code: 'INTERNAL' } })],
    };
  }
}

function placed(errors: readonly GraphQLError[], subgraphs: readonly ParsedSubgraph[]): CompositionError[] {
  const coordinates = coordinatesOf(subgraphs);
  const names = subgraphs.map(({ name }) => name);
  return errors.map(({ message, extensions, locations, source }) => {
    const { subgraphName } = extensions;
    const about = subgraphsIn(
      { message, ...(typeof subgraphName === 'string' ? { subgraphName } : {}) },
      names,
    );
    const native = nativePlace(
      subgraphs.find(({ name }) => name === about[0] && source !== undefined),
      locations,
    );
    return {
      code: codeOf(extensions),
      message,
      subgraphs: about,
      places: native.length > 0 ? native : placesFor(message, about, coordinates),
    };
  });
}

function nativePlace(subgraph: ParsedSubgraph | undefined, locations: GraphQLError['locations']) {
  const location = locations?.[0];
  if (subgraph === undefined || location === undefined) return [];
  return [{ subgraph: subgraph.name, file: subgraph.file, line: location.line, column: location.column }];
}

function codeOf({ code }: GraphQLError['extensions']): string {
  return typeof code === 'string' ? code : 'UNKNOWN';
}

function byPlace(one: CompositionError, other: CompositionError): number {
  return keyOf(one) < keyOf(other) ? -1 : keyOf(one) > keyOf(other) ? 1 : 0;
}

function keyOf({ places: [place], code, message }: CompositionError): string {
  const line = String(place?.line ?? 0).padStart(8, '0');
  return `${place?.file ?? ''}\0${line}\0${code}\0${message}`;
}

interface ParsedOrError {
  readonly subgraph?: ParsedSubgraph;
  readonly error?: CompositionError;
}

function parsedOrError({ name, url, file, sdl }: SubgraphSource): ParsedOrError {
  try {
    return { subgraph: { name, url, file, document: parse(new Source(sdl, file)) } };
  } catch (thrown) {
    if (!(thrown instanceof GraphQLError)) throw thrown;
    const places = (thrown.locations ?? []).map(({ line, column }) => ({
      subgraph: name,
      file,
      line,
      column,
    }));
    return { error: { code: 'INVALID_GRAPHQL', message: thrown.message, subgraphs: [name], places } };
  }
}

function duplicates(sources: readonly SubgraphSource[]): CompositionError[] {
  return sources
    .filter(({ name }, index) => sources.findIndex((other) => other.name === name) !== index)
    .map(({ name, file }) => ({
      code: 'DUPLICATE_SUBGRAPH',
      message: `two subgraphs are named "${name}"`,
      subgraphs: [name],
      places: [{ subgraph: name, file, line: 1, column: 1 }],
    }));
}
