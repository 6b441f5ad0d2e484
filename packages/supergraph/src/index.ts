export { canonicalSdl } from './canonical.ts';
export { compose, digestOf } from './compose.ts';
export { schemaDifference } from './difference.ts';
export type { Composition, CompositionError, SchemaPlace, SubgraphSource } from './subgraph.ts';
