import {
  type ASTNode,
  type DefinitionNode,
  type DocumentNode,
  Kind,
  type ObjectTypeDefinitionNode,
  type ObjectTypeExtensionNode,
  parse,
  print,
  visit,
} from 'graphql';

/**
 * The document with everything whose order means nothing in one order; nodes keep the positions that they were read
 * at. Only the directives of the schema itself stay as they are: links are applied in order.
 */
export function sorted(document: DocumentNode): DocumentNode {
  return visit<DocumentNode>(document, {
    leave: (node) => (node.kind === Kind.SCHEMA_DEFINITION ? undefined : withSortedLists(node)),
  });
}

/** Schema text that is equal for schemas that differ in order and layout alone. Throws a GraphQLError on bad syntax. */
export function canonicalSdl(sdl: string): string {
  return `${print(sorted(withoutFederationMachinery(parse(sdl))))}\n`;
}

const MACHINERY_TYPES = new Set(['_Any', '_Entity', '_Service', '_FieldSet']);
const MACHINERY_FIELDS = new Set(['_service', '_entities']);

/** A schema as `_service { sdl }` answers it may or may not carry what the server itself adds for the gateway. */
function withoutFederationMachinery(document: DocumentNode): DocumentNode {
  return visit<DocumentNode>(document, {
    Document: (node) => ({ ...node, definitions: node.definitions.filter((one) => !isAddedType(one)) }),
    ObjectTypeDefinition: { leave: withoutAddedFields },
    ObjectTypeExtension: { leave: withoutAddedFields },
  });
}

function isAddedType(node: DefinitionNode): boolean {
  return 'name' in node && MACHINERY_TYPES.has(node.name.value);
}

function withoutAddedFields<T extends ObjectTypeDefinitionNode | ObjectTypeExtensionNode>(node: T): T {
  return { ...node, fields: (node.fields ?? []).filter(({ name }) => !MACHINERY_FIELDS.has(name.value)) };
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
