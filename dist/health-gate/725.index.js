export const id = 725;
export const ids = [725];
export const modules = {

/***/ 2725:
/***/ ((__unused_webpack_module, __webpack_exports__, __webpack_require__) => {


// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  schemaDifference: () => (/* reexport */ schemaDifference)
});

// UNUSED EXPORTS: canonicalSdl, compose, digestOf

// EXTERNAL MODULE: ./node_modules/graphql/index.js
var graphql = __webpack_require__(7645);
;// CONCATENATED MODULE: ./packages/supergraph/src/links.ts

function linksOf(document) {
    return document.definitions
        .filter((one) => one.kind === graphql/* Kind */.b8C.SCHEMA_DEFINITION || one.kind === graphql/* Kind */.b8C.SCHEMA_EXTENSION)
        .flatMap(({ directives = [] }) => directives)
        .flatMap(linkOf);
}
function linkOf({ name, arguments: given = [] }) {
    const values = new Map(given.map((one) => [one.name.value, (0,graphql/* valueFromASTUntyped */.FD6)(one.value)]));
    const [url, prefix, imports] = [values.get('url'), values.get('as'), values.get('import')];
    if (name.value !== 'link' || typeof url !== 'string')
        return [];
    return [
        {
            url,
            prefix: typeof prefix === 'string' ? prefix : nameIn(url),
            imports: Array.isArray(imports) ? imports.flatMap(importOf) : [],
        },
    ];
}
/** `federation` of `https://specs.apollo.dev/federation/v2.7`. */
function nameIn(url) {
    return /([^/]+)\/v\d[^/]*\/?$/.exec(url)?.[1] ?? url;
}
function importOf(item) {
    if (typeof item === 'string')
        return [{ name: item, local: item }];
    if (typeof item !== 'object' || item === null || !('name' in item) || typeof item.name !== 'string')
        return [];
    const local = 'as' in item && typeof item.as === 'string' ? item.as : item.name;
    return [{ name: item.name, local }];
}

;// CONCATENATED MODULE: ./packages/supergraph/src/machinery.ts


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
function withoutMachinery(document) {
    const isDefinedBySpec = specDefinitions(linksOf(document));
    const definitions = document.definitions
        .filter((one) => !isDefinedBySpec(one))
        .map(withoutGatewayFields)
        .filter((one) => !isEmptyObject(one));
    return { ...document, definitions };
}
function isFederation2(links) {
    return links.some(({ url }) => url.startsWith(FEDERATION_2));
}
function specDefinitions(links) {
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
        if (name === undefined)
            return false;
        const known = node.kind === graphql/* Kind */.b8C.DIRECTIVE_DEFINITION ? `@${name}` : name;
        return names.has(known) || prefixes.some((prefix) => name.startsWith(`${prefix}__`));
    };
}
function nameOf(node) {
    // The one node that has the field without a value.
    if (node.kind === graphql/* Kind */.b8C.OPERATION_DEFINITION)
        return undefined;
    return 'name' in node ? node.name.value : undefined;
}
function isObjectNode(node) {
    return node.kind === graphql/* Kind */.b8C.OBJECT_TYPE_DEFINITION || node.kind === graphql/* Kind */.b8C.OBJECT_TYPE_EXTENSION;
}
function withoutGatewayFields(node) {
    if (!isObjectNode(node))
        return node;
    return { ...node, fields: (node.fields ?? []).filter(({ name }) => !GATEWAY_FIELDS.includes(name.value)) };
}
function isEmptyObject(node) {
    if (!isObjectNode(node))
        return false;
    const description = node.kind === graphql/* Kind */.b8C.OBJECT_TYPE_DEFINITION ? node.description : undefined;
    const lists = [node.fields, node.directives, node.interfaces];
    return description === undefined && lists.every((list = []) => list.length === 0);
}

;// CONCATENATED MODULE: ./packages/supergraph/src/one-form.ts



/** The document with one way of writing for what Federation reads alike: the schema's own node, and extensions. */
function inOneForm(document) {
    return withOneSchemaNode(withoutPlainExtensions(document));
}
/**
 * In Federation 2 `extend type` adds to a type as the type's definition does. Two things still hang on the word, and
 * keep it: a key that stands on an extension, and fields that are external, which on an extension need not be.
 */
function withoutPlainExtensions(document) {
    const links = linksOf(document);
    if (!isFederation2(links))
        return document;
    const parts = Map.groupBy(document.definitions.filter(isObjectNode), ({ name }) => name.value);
    const whole = new Map([...parts].flatMap(([name, nodes]) => joined(nodes, links).map((one) => [name, one])));
    const rest = document.definitions.filter((one) => !(isObjectNode(one) && whole.has(one.name.value)));
    return { ...document, definitions: [...rest, ...whole.values()] };
}
/** All parts of one type as its definition; none when they have to stay apart. */
function joined(parts, links) {
    const [first] = parts;
    const definitions = parts.filter((one) => one.kind === graphql/* Kind */.b8C.OBJECT_TYPE_DEFINITION);
    const extensions = parts.filter((one) => one.kind === graphql/* Kind */.b8C.OBJECT_TYPE_EXTENSION);
    const isPlain = extensions.every(({ directives = [] }) => directives.length === 0);
    if (first === undefined || definitions.length > 1 || !isPlain || hasExternal(parts, links))
        return [];
    return [
        {
            ...(definitions[0] ?? { name: first.name }),
            kind: graphql/* Kind */.b8C.OBJECT_TYPE_DEFINITION,
            interfaces: parts.flatMap(({ interfaces = [] }) => interfaces),
            fields: parts.flatMap(({ fields = [] }) => fields),
        },
    ];
}
function hasExternal(parts, links) {
    const names = links.flatMap(({ prefix, imports }) => [
        `@${prefix}__external`,
        ...imports.filter(({ name }) => name === '@external').map(({ local }) => local),
    ]);
    return parts
        .flatMap((part) => [part, ...(part.fields ?? [])])
        .flatMap(({ directives = [] }) => directives)
        .some(({ name }) => names.includes(`@${name.value}`));
}
function isSchemaNode(node) {
    return node.kind === graphql/* Kind */.b8C.SCHEMA_DEFINITION || node.kind === graphql/* Kind */.b8C.SCHEMA_EXTENSION;
}
/** `schema { query: Query }` says what holds without it, unless it leaves out a type of a root's name. */
function withOneSchemaNode(document) {
    const nodes = document.definitions.filter(isSchemaNode);
    const rest = document.definitions.filter((one) => !isSchemaNode(one));
    const directives = nodes.flatMap((node) => node.directives ?? []);
    const operationTypes = nodes.flatMap((node) => node.operationTypes ?? []);
    const description = nodes.flatMap((node) => ('description' in node ? (node.description ?? []) : [])).at(0);
    if (description === undefined && saysDefaults(operationTypes, namesOf(rest))) {
        const extension = { kind: graphql/* Kind */.b8C.SCHEMA_EXTENSION, directives };
        return { ...document, definitions: directives.length === 0 ? rest : [extension, ...rest] };
    }
    const isDefined = nodes.some(({ kind }) => kind === graphql/* Kind */.b8C.SCHEMA_DEFINITION);
    const schema = isDefined
        ? {
            kind: graphql/* Kind */.b8C.SCHEMA_DEFINITION,
            directives,
            operationTypes,
            ...(description === undefined ? {} : { description }),
        }
        : { kind: graphql/* Kind */.b8C.SCHEMA_EXTENSION, directives, operationTypes };
    return { ...document, definitions: [schema, ...rest] };
}
const DEFAULTS = [
    [graphql/* OperationTypeNode */.cEU.QUERY, 'Query'],
    [graphql/* OperationTypeNode */.cEU.MUTATION, 'Mutation'],
    [graphql/* OperationTypeNode */.cEU.SUBSCRIPTION, 'Subscription'],
];
function saysDefaults(operationTypes, defined) {
    const said = new Map(operationTypes.map(({ operation, type }) => [operation, type.name.value]));
    if (said.size === 0)
        return true;
    return DEFAULTS.every(([operation, name]) => {
        const type = said.get(operation);
        return type === name || (type === undefined && !defined.has(name));
    });
}
function namesOf(definitions) {
    return new Set(definitions.flatMap((one) => nameOf(one) ?? []));
}

;// CONCATENATED MODULE: ./packages/supergraph/src/canonical.ts



/**
 * The document with everything whose order means nothing in one order; nodes keep the positions that they were read
 * at. Only the directives of the schema itself stay as they are: links are applied in order.
 */
function canonical_sorted(document) {
    return (0,graphql/* visit */.YRT)(document, {
        leave: (node) => (node.kind === graphql/* Kind */.b8C.SCHEMA_DEFINITION ? undefined : withSortedLists(node)),
    });
}
/**
 * Schema text that is equal for schemas that mean the same subgraph: those that differ in order, layout, what a server
 * adds for the gateway, or ways of writing that Federation reads alike. Throws a GraphQLError on bad syntax.
 */
function canonicalSdl(sdl) {
    return `${(0,graphql/* print */.yyV)(canonical_sorted(inOneForm(withoutMachinery((0,graphql/* parse */.qgA)(sdl)))))}\n`;
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
function withSortedLists(node) {
    if (node.kind === graphql/* Kind */.b8C.LIST || node.kind === graphql/* Kind */.b8C.OBJECT)
        return undefined;
    const lists = Object.entries(node)
        .filter(([key, value]) => SORTED_LISTS.includes(key) && Array.isArray(value))
        .map(([key, value]) => [key, byPrint(value)]);
    return lists.length === 0 ? undefined : { ...node, ...Object.fromEntries(lists) };
}
function byPrint(nodes) {
    return nodes
        .map((node) => ({ node, text: (0,graphql/* print */.yyV)(node) }))
        .sort((one, other) => (one.text < other.text ? -1 : one.text > other.text ? 1 : 0))
        .map(({ node }) => node);
}

// EXTERNAL MODULE: external "node:crypto"
var external_node_crypto_ = __webpack_require__(7598);
// EXTERNAL MODULE: ./node_modules/@theguild/federation-composition/esm/index.js + 70 modules
var esm = __webpack_require__(8466);
;// CONCATENATED MODULE: ./packages/supergraph/src/compose.ts







/**
 * The supergraph of the subgraphs, or all that keeps them apart. Equal schemas give equal bytes, whatever the order of
 * the subgraphs and of the definitions in them.
 */
function compose(sources) {
    const named = duplicates(sources);
    const read = sources.map(parsedOrError);
    const errors = [...named, ...read.flatMap(({ error }) => error ?? [])];
    if (errors.length > 0)
        return { kind: 'errors', errors };
    return composed(read.flatMap(({ subgraph }) => subgraph ?? []));
}
function composed(subgraphs) {
    const inOrder = [...subgraphs].sort((one, other) => (one.name < other.name ? -1 : 1));
    const readable = inOrder.map(({ name, url, document }) => {
        const known = withKnownVersion(name, document);
        return { name, url, typeDefs: sorted(known.document), hints: known.hints };
    });
    const result = attempted(readable);
    if (result.supergraphSdl === undefined)
        return { kind: 'errors', errors: placed(result.errors, inOrder).toSorted(byPlace) };
    return {
        kind: 'supergraph',
        sdl: result.supergraphSdl,
        digest: digestOf(result.supergraphSdl),
        hints: readable.flatMap(({ hints }) => hints),
    };
}
/** SHA-256 of the text's UTF-8 bytes, in hex. */
function digestOf(sdl) {
    return createHash('sha256').update(sdl).digest('hex');
}
// The library throws on some valid constructs that it does not know; that is an error of the composition like others.
function attempted(services) {
    try {
        const result = composeServices([...services]);
        return result.supergraphSdl === undefined
            ? { errors: result.errors }
            : { supergraphSdl: result.supergraphSdl };
    }
    catch (thrown) {
        const said = thrown instanceof Error ? thrown.message : String(thrown);
        return {
            errors: [new GraphQLError(`the composition gave up: ${said}`, { extensions: { code: 'INTERNAL' } })],
        };
    }
}
function placed(errors, subgraphs) {
    const coordinates = coordinatesOf(subgraphs);
    const names = subgraphs.map(({ name }) => name);
    return errors.map(({ message, extensions, locations, source }) => {
        const { subgraphName } = extensions;
        const about = subgraphsIn({ message, ...(typeof subgraphName === 'string' ? { subgraphName } : {}) }, names);
        const native = nativePlace(subgraphs.find(({ name }) => name === about[0] && source !== undefined), locations);
        return {
            code: codeOf(extensions),
            message,
            subgraphs: about,
            places: native.length > 0 ? native : placesFor(message, about, coordinates),
        };
    });
}
function nativePlace(subgraph, locations) {
    const location = locations?.[0];
    if (subgraph === undefined || location === undefined)
        return [];
    return [{ subgraph: subgraph.name, file: subgraph.file, line: location.line, column: location.column }];
}
function codeOf({ code }) {
    return typeof code === 'string' ? code : 'UNKNOWN';
}
function byPlace(one, other) {
    return keyOf(one) < keyOf(other) ? -1 : keyOf(one) > keyOf(other) ? 1 : 0;
}
function keyOf({ places: [place], code, message }) {
    const line = String(place?.line ?? 0).padStart(8, '0');
    return `${place?.file ?? ''}\0${line}\0${code}\0${message}`;
}
function parsedOrError({ name, url, file, sdl }) {
    try {
        return { subgraph: { name, url, file, document: parse(new Source(sdl, file)) } };
    }
    catch (thrown) {
        if (!(thrown instanceof GraphQLError))
            throw thrown;
        const places = (thrown.locations ?? []).map(({ line, column }) => ({
            subgraph: name,
            file,
            line,
            column,
        }));
        return { error: { code: 'INVALID_GRAPHQL', message: thrown.message, subgraphs: [name], places } };
    }
}
function duplicates(sources) {
    return sources
        .filter(({ name }, index) => sources.findIndex((other) => other.name === name) !== index)
        .map(({ name, file }) => ({
        code: 'DUPLICATE_SUBGRAPH',
        message: `two subgraphs are named "${name}"`,
        subgraphs: [name],
        places: [{ subgraph: name, file, line: 1, column: 1 }],
    }));
}

;// CONCATENATED MODULE: ./packages/supergraph/src/difference.ts


/**
 * Names of the definitions in which two schemas differ, sorted; none when they mean the same. Order, layout and what a
 * server adds for the gateway do not count. Throws a GraphQLError on bad syntax.
 */
function schemaDifference(one, other) {
    const [left, right] = [definitionsOf(one), definitionsOf(other)];
    const names = new Set([...left.keys(), ...right.keys()]);
    return [...names].filter((name) => left.get(name) !== right.get(name)).sort();
}
function definitionsOf(sdl) {
    const definitions = new Map();
    for (const definition of (0,graphql/* parse */.qgA)(canonicalSdl(sdl)).definitions) {
        const name = definition.kind === graphql/* Kind */.b8C.DIRECTIVE_DEFINITION
            ? `@${definition.name.value}`
            : 'name' in definition
                ? definition.name.value
                : 'schema';
        definitions.set(name, `${definitions.get(name) ?? ''}${(0,graphql/* print */.yyV)(definition)}\n`);
    }
    return definitions;
}

;// CONCATENATED MODULE: ./packages/supergraph/src/index.ts





/***/ })

};
