import {
  type DefinitionNode,
  type DocumentNode,
  Kind,
  type ObjectTypeDefinitionNode,
  type ObjectTypeExtensionNode,
  OperationTypeNode,
  type SchemaDefinitionNode,
  type SchemaExtensionNode,
} from 'graphql';

import { type Link, linksOf } from './links.ts';
import { isFederation2, isObjectNode, nameOf } from './machinery.ts';

/** The document with one way of writing for what Federation reads alike: the schema's own node, and extensions. */
export function inOneForm(document: DocumentNode): DocumentNode {
  return withOneSchemaNode(withoutPlainExtensions(document));
}

/**
 * In Federation 2 `extend type` adds to a type as the type's definition does. Two things still hang on the word, and
 * keep it: a key that stands on an extension, and fields that are external, which on an extension need not be.
 */
function withoutPlainExtensions(document: DocumentNode): DocumentNode {
  const links = linksOf(document);
  if (!isFederation2(links)) return document;
  const parts = Map.groupBy(document.definitions.filter(isObjectNode), ({ name }) => name.value);
  const whole = new Map(
    [...parts].flatMap(([name, nodes]) => joined(nodes, links).map((one) => [name, one])),
  );
  const rest = document.definitions.filter((one) => !(isObjectNode(one) && whole.has(one.name.value)));
  return { ...document, definitions: [...rest, ...whole.values()] };
}

type ObjectNode = ObjectTypeDefinitionNode | ObjectTypeExtensionNode;

/** All parts of one type as its definition; none when they have to stay apart. */
function joined(parts: readonly ObjectNode[], links: readonly Link[]): readonly ObjectTypeDefinitionNode[] {
  const [first] = parts;
  const definitions = parts.filter((one) => one.kind === Kind.OBJECT_TYPE_DEFINITION);
  const extensions = parts.filter((one) => one.kind === Kind.OBJECT_TYPE_EXTENSION);
  const isPlain = extensions.every(({ directives = [] }) => directives.length === 0);
  if (first === undefined || definitions.length > 1 || !isPlain || hasExternal(parts, links)) return [];
  return [
    {
      ...(definitions[0] ?? { name: first.name }),
      kind: Kind.OBJECT_TYPE_DEFINITION,
      interfaces: parts.flatMap(({ interfaces = [] }) => interfaces),
      fields: parts.flatMap(({ fields = [] }) => fields),
    },
  ];
}

function hasExternal(parts: readonly ObjectNode[], links: readonly Link[]): boolean {
  const names = links.flatMap(({ prefix, imports }) => [
    `@${prefix}__external`,
    ...imports.filter(({ name }) => name === '@external').map(({ local }) => local),
  ]);
  return parts
    .flatMap((part) => [part, ...(part.fields ?? [])])
    .flatMap(({ directives = [] }) => directives)
    .some(({ name }) => names.includes(`@${name.value}`));
}

type SchemaNode = SchemaDefinitionNode | SchemaExtensionNode;

function isSchemaNode(node: DefinitionNode): node is SchemaNode {
  return node.kind === Kind.SCHEMA_DEFINITION || node.kind === Kind.SCHEMA_EXTENSION;
}

/** `schema { query: Query }` says what holds without it, unless it leaves out a type of a root's name. */
function withOneSchemaNode(document: DocumentNode): DocumentNode {
  const nodes = document.definitions.filter(isSchemaNode);
  const rest = document.definitions.filter((one) => !isSchemaNode(one));
  const directives = nodes.flatMap((node) => node.directives ?? []);
  const operationTypes = nodes.flatMap((node) => node.operationTypes ?? []);
  const description = nodes.flatMap((node) => ('description' in node ? (node.description ?? []) : [])).at(0);
  if (description === undefined && saysDefaults(operationTypes, namesOf(rest))) {
    const extension: SchemaExtensionNode = { kind: Kind.SCHEMA_EXTENSION, directives };
    return { ...document, definitions: directives.length === 0 ? rest : [extension, ...rest] };
  }
  const isDefined = nodes.some(({ kind }) => kind === Kind.SCHEMA_DEFINITION);
  const schema: SchemaNode = isDefined
    ? {
        kind: Kind.SCHEMA_DEFINITION,
        directives,
        operationTypes,
        ...(description === undefined ? {} : { description }),
      }
    : { kind: Kind.SCHEMA_EXTENSION, directives, operationTypes };
  return { ...document, definitions: [schema, ...rest] };
}

const DEFAULTS = [
  [OperationTypeNode.QUERY, 'Query'],
  [OperationTypeNode.MUTATION, 'Mutation'],
  [OperationTypeNode.SUBSCRIPTION, 'Subscription'],
] as const;

function saysDefaults(
  operationTypes: NonNullable<SchemaNode['operationTypes']>,
  defined: ReadonlySet<string>,
): boolean {
  const said = new Map(operationTypes.map(({ operation, type }) => [operation, type.name.value]));
  if (said.size === 0) return true;
  return DEFAULTS.every(([operation, name]) => {
    const type = said.get(operation);
    return type === name || (type === undefined && !defined.has(name));
  });
}

function namesOf(definitions: readonly DefinitionNode[]): ReadonlySet<string> {
  return new Set(definitions.flatMap((one) => nameOf(one) ?? []));
}
