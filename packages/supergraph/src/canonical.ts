import { type ASTNode, type DocumentNode, Kind, parse, print, visit } from 'graphql';

import { withoutMachinery } from './machinery.ts';
import { inOneForm } from './one-form.ts';

/**
 * The document with everything whose order means nothing in one order; nodes keep the positions that they were read
 * at. Only the directives of the schema itself stay as they are: links are applied in order.
 */
export function sorted(document: DocumentNode): DocumentNode {
  return visit<DocumentNode>(document, {
    leave: (node) => (node.kind === Kind.SCHEMA_DEFINITION ? undefined : withSortedLists(node)),
  });
}

/**
 * Schema text that is equal for schemas that mean the same subgraph: those that differ in order, layout, what a server
 * adds for the gateway, or ways of writing that Federation reads alike. Throws a GraphQLError on bad syntax.
 */
export function canonicalSdl(sdl: string): string {
  return `${print(sorted(inOneForm(withoutMachinery(parse(sdl)))))}\n`;
}

const SORTED_LISTS = [
  'definitions',
  'fields',
  'values',
  'arguments',
  'directives',
  'interfaces',
  'types',
  'locations',
];

function withSortedLists(node: ASTNode): ASTNode | undefined {
  if (node.kind === Kind.LIST || node.kind === Kind.OBJECT) return undefined;
  const lists = Object.entries(node)
    .filter(([key, value]) => SORTED_LISTS.includes(key) && Array.isArray(value))
    .map(([key, value]) => [key, byPrint(value as readonly ASTNode[])] as const);
  return lists.length === 0 ? undefined : { ...node, ...Object.fromEntries(lists) };
}

function byPrint(nodes: readonly ASTNode[]): readonly ASTNode[] {
  return nodes
    .map((node) => ({ node, text: print(node) }))
    .sort((one, other) => (one.text < other.text ? -1 : one.text > other.text ? 1 : 0))
    .map(({ node }) => node);
}
