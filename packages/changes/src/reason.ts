/** Why a unit has to be built, migrated, composed or deployed. */
export type Reason =
  /** One of its own files; `more` counts the others. */
  | { readonly kind: 'path'; readonly path: string; readonly more: number }
  /** A file of a shared set; `root` is the pattern that it fits, without the wildcards at its end. */
  | { readonly kind: 'shared'; readonly set: string; readonly root: string }
  /** A unit that it needs changed. */
  | { readonly kind: 'needs'; readonly unit: string }
  /** Only its migrations changed. */
  | { readonly kind: 'migration'; readonly path: string; readonly more: number }
  /** Its own schema, or, for a gateway, the schemas of the units that it serves. */
  | { readonly kind: 'schema'; readonly units: readonly string[] }
  | { readonly kind: 'manifest'; readonly file: string }
  /** Nobody can tell what changed, so all of it counts as changed. */
  | { readonly kind: 'everything'; readonly because: string };

/** A reason in a few words for tables and outputs: `paths: src/app.py and 4 more`, `shared:src/shared`, `needs:habits`. */
export function describeReason(reason: Reason): string {
  switch (reason.kind) {
    case 'path':
      return `paths: ${counted(reason)}`;
    case 'shared':
      return `shared:${reason.root}`;
    case 'needs':
      return `needs:${reason.unit}`;
    case 'migration':
      return `migration: ${counted(reason)}`;
    case 'schema':
      return `schema:${reason.units.join(',')}`;
    case 'manifest':
      return `manifest: ${reason.file} changed`;
    case 'everything':
      return reason.because;
  }
}

function counted({ path, more }: { readonly path: string; readonly more: number }): string {
  return more === 0 ? legible(path) : `${legible(path)} and ${more} more`;
}

/** File names come from anybody: an unusual one is quoted, and a long one cut. */
function legible(path: string): string {
  const shown = path.length > 120 ? `${path.slice(0, 119)}…` : path;
  return /^[\w./@+…-]+$/.test(shown) ? shown : JSON.stringify(shown);
}
