/** One thing that goes into the layer. Paths are relative to the context, with "/" between names. */
export type PackEntry =
  | { readonly kind: 'folder'; readonly path: string }
  | { readonly kind: 'file'; readonly path: string; readonly size: number; readonly isExecutable: boolean }
  | { readonly kind: 'link'; readonly path: string; readonly target: string };
