import { type DirectiveNode, type DocumentNode, Kind, valueFromASTUntyped } from 'graphql';

/** One `@link` of a schema. */
export interface Link {
  readonly url: string;
  /** Stands before `__` in the names of the spec that are not imported. */
  readonly prefix: string;
  /** Directives begin with `@`; `local` is what this schema calls it. */
  readonly imports: readonly { readonly name: string; readonly local: string }[];
}

export function linksOf(document: DocumentNode): readonly Link[] {
  return document.definitions
    .filter((one) => one.kind === Kind.SCHEMA_DEFINITION || one.kind === Kind.SCHEMA_EXTENSION)
    .flatMap(({ directives = [] }) => directives)
    .flatMap(linkOf);
}

function linkOf({ name, arguments: given = [] }: DirectiveNode): readonly Link[] {
  const values = new Map(given.map((one) => [one.name.value, valueFromASTUntyped(one.value)]));
  const [url, prefix, imports] = [values.get('url'), values.get('as'), values.get('import')];
  if (name.value !== 'link' || typeof url !== 'string') return [];
  return [
    {
      url,
      prefix: typeof prefix === 'string' ? prefix : nameIn(url),
      imports: Array.isArray(imports) ? imports.flatMap(importOf) : [],
    },
  ];
}

/** `federation` of `https://specs.apollo.dev/federation/v2.7`. */
function nameIn(url: string): string {
  return /([^/]+)\/v\d[^/]*\/?$/.exec(url)?.[1] ?? url;
}

function importOf(item: unknown): Link['imports'] {
  if (typeof item === 'string') return [{ name: item, local: item }];
  if (typeof item !== 'object' || item === null || !('name' in item) || typeof item.name !== 'string')
    return [];
  const local = 'as' in item && typeof item.as === 'string' ? item.as : item.name;
  return [{ name: item.name, local }];
}
