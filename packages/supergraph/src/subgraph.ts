/** One subgraph as it enters the composition. */
export interface SubgraphSource {
  readonly name: string;
  /** Where the gateway reaches it. */
  readonly url: string;
  /** The schema's file as a person knows it, for positions. */
  readonly file: string;
  readonly sdl: string;
}

/** Where a subgraph's schema says something. Lines and columns count from 1. */
export interface SchemaPlace {
  readonly subgraph: string;
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

export interface CompositionError {
  /** Federation's code, such as `FIELD_TYPE_MISMATCH`, or `INVALID_GRAPHQL` for a syntax error. */
  readonly code: string;
  readonly message: string;
  /** Names of the subgraphs that it is about, as far as they are known. */
  readonly subgraphs: readonly string[];
  /** The place to look at first comes first; empty when there is none. */
  readonly places: readonly SchemaPlace[];
}

export type Composition =
  | {
      readonly kind: 'supergraph';
      readonly sdl: string;
      /** SHA-256 of the SDL's bytes, in hex. */
      readonly digest: string;
      /** What is not wrong but should be known. */
      readonly hints: readonly string[];
    }
  | { readonly kind: 'errors'; readonly errors: readonly CompositionError[] };
