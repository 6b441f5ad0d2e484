import {
  type DefinitionNode,
  type DocumentNode,
  Kind,
  type ObjectTypeDefinitionNode,
  type ObjectTypeExtensionNode,
} from 'graphql';

import { type Link, linksOf } from './links.ts';

const SPECS = 'https://specs.apollo.dev/';
const FEDERATION_2 = `${SPECS}federation/v2.`;
const GATEWAY_TYPES = ['_Any', '_Entity', '_Service', '_FieldSet'];
const GATEWAY_FIELDS = ['_service', '_entities'];
/** Where nothing is linked, these come from Federation 1. */
const FEDERATION_1 = ['@key', '@requires', '@provides', '@external', '@extends', '@tag'];

/**
 * The document without what a server defines for the gateway beside the subgraph's own schema: the types and fields
 * that the gateway asks for, what the linked specs of Apollo define, and object types that are empty without those.
 */
export function withoutMachinery(document: DocumentNode): DocumentNode {
  const isDefinedBySpec = specDefinitions(linksOf(document));
  const definitions = document.definitions
    .filter((one) => !isDefinedBySpec(one))
    .map(withoutGatewayFields)
    .filter((one) => !isEmptyObject(one));
  return { ...document, definitions };
}

export function isFederation2(links: readonly Link[]): boolean {
  return links.some(({ url }) => url.startsWith(FEDERATION_2));
}

function specDefinitions(links: readonly Link[]): (node: DefinitionNode) => boolean {
  const specs = links.filter(({ url }) => url.startsWith(SPECS));
  const prefixes = ['link', 'federation', ...specs.map(({ prefix }) => prefix)];
  const names = new Set([
    ...GATEWAY_TYPES,
    ...(isFederation2(links) ? [] : FEDERATION_1),
    ...prefixes.map((prefix) => `@${prefix}`),
    ...specs.flatMap(({ imports }) => imports.map(({ local }) => local)),
  ]);
  return (node) => {
    const name = nameOf(node);
    if (name === undefined) return false;
    const known = node.kind === Kind.DIRECTIVE_DEFINITION ? `@${name}` : name;
    return names.has(known) || prefixes.some((prefix) => name.startsWith(`${prefix}__`));
  };
}

export function nameOf(node: DefinitionNode): string | undefined {
  // The one node that has the field without a value.
  if (node.kind === Kind.OPERATION_DEFINITION) return undefined;
  return 'name' in node ? node.name.value : undefined;
}

type ObjectNode = ObjectTypeDefinitionNode | ObjectTypeExtensionNode;

export function isObjectNode(node: DefinitionNode): node is ObjectNode {
  return node.kind === Kind.OBJECT_TYPE_DEFINITION || node.kind === Kind.OBJECT_TYPE_EXTENSION;
}

function withoutGatewayFields(node: DefinitionNode): DefinitionNode {
  if (!isObjectNode(node)) return node;
  return { ...node, fields: (node.fields ?? []).filter(({ name }) => !GATEWAY_FIELDS.includes(name.value)) };
}

function isEmptyObject(node: DefinitionNode): boolean {
  if (!isObjectNode(node)) return false;
  const description = node.kind === Kind.OBJECT_TYPE_DEFINITION ? node.description : undefined;
  const lists = [node.fields, node.directives, node.interfaces];
  return description === undefined && lists.every((list = []) => list.length === 0);
}
