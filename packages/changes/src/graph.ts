import type { Manifest } from '@fairlead/manifest';

/** The part of a manifest that says what belongs to what. */
export type Graph = Pick<Manifest, 'file' | 'shared' | 'units'>;

/** What changed since the commit that a unit is compared with, or why nobody can tell. */
export type Since =
  | { readonly kind: 'paths'; readonly paths: readonly string[] }
  | { readonly kind: 'everything'; readonly because: string };
