/** A filter as parsed; what its fields mean is up to the API. */
export type Filter =
  | { readonly kind: 'and' | 'or'; readonly parts: readonly Filter[] }
  | { readonly kind: 'not'; readonly part: Filter }
  | Comparison
  /** Text that may stand in any field. */
  | { readonly kind: 'anywhere'; readonly text: string };

export interface Comparison {
  readonly kind: 'compare';
  /** Segments of the field's path; those that were quoted may hold dots. */
  readonly path: readonly string[];
  readonly comparator: Comparator;
  readonly operand: Operand;
}

export type Comparator = '=' | '!=' | '<' | '<=' | '>' | '>=' | ':' | '=~' | '!~';

export type Operand =
  | { readonly kind: 'text'; readonly text: string }
  /** `starts_with("a")`, `one_of("a", "b")` */
  | { readonly kind: 'call'; readonly name: string; readonly values: readonly string[] };

/** Why a text is no filter: with the place, for the API to put into its own words. */
export class FilterError extends Error {
  override readonly name = 'FilterError';
}

/** All comparisons of a filter, in the order of the text. */
export function comparisonsOf(filter: Filter): readonly Comparison[] {
  switch (filter.kind) {
    case 'and':
    case 'or':
      return filter.parts.flatMap(comparisonsOf);
    case 'not':
      return comparisonsOf(filter.part);
    case 'compare':
      return [filter];
    case 'anywhere':
      return [];
  }
}
