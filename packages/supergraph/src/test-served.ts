/**
 * For tests: schemas, and what @apollo/subgraph 2.15 made of them: what it answers to `_service { sdl }`, and where the
 * text keeps all that the schema says, what `printSubgraphSchema` prints.
 */
export const served: readonly Served[] = [
  {
    what: 'an entity and a mutation',
    written: `
extend schema @link(url: "https://specs.apollo.dev/federation/v2.7", import: ["@key", "@shareable"])

type Query {
  habits(first: Int): [Habit!]!
}

type Mutation {
  checkIn(id: ID!): Habit
}

"""A habit."""
type Habit @key(fields: "id") {
  id: ID!
  name: String! @shareable
}
`,
    texts: [
      `
extend schema @link(url: "https://specs.apollo.dev/federation/v2.7", import: ["@key", "@shareable"])

type Query {
  habits(first: Int): [Habit!]!
}

type Mutation {
  checkIn(id: ID!): Habit
}

"""A habit."""
type Habit @key(fields: "id") {
  id: ID!
  name: String! @shareable
}

directive @link(url: String, as: String, for: link__Purpose, import: [link__Import]) repeatable on SCHEMA

scalar link__Import

enum link__Purpose {
  """
  \`SECURITY\` features provide metadata necessary to securely resolve fields.
  """
  SECURITY
  """
  \`EXECUTION\` features provide metadata necessary for operation execution.
  """
  EXECUTION
}

scalar federation__FieldSet

directive @key(fields: federation__FieldSet!, resolvable: Boolean = true) repeatable on OBJECT | INTERFACE

directive @federation__requires(fields: federation__FieldSet!) on FIELD_DEFINITION

directive @federation__provides(fields: federation__FieldSet!) on FIELD_DEFINITION

directive @federation__external on OBJECT | FIELD_DEFINITION

directive @federation__extends on OBJECT | INTERFACE

directive @federation__inaccessible on FIELD_DEFINITION | OBJECT | INTERFACE | UNION | ARGUMENT_DEFINITION | SCALAR | ENUM | ENUM_VALUE | INPUT_OBJECT | INPUT_FIELD_DEFINITION

directive @shareable repeatable on OBJECT | FIELD_DEFINITION

directive @federation__override(from: String!, label: String) on FIELD_DEFINITION

directive @federation__tag(name: String!) repeatable on FIELD_DEFINITION | INTERFACE | OBJECT | UNION | ARGUMENT_DEFINITION | SCALAR | ENUM | ENUM_VALUE | INPUT_OBJECT | INPUT_FIELD_DEFINITION | SCHEMA

directive @federation__composeDirective(name: String) repeatable on SCHEMA

directive @federation__interfaceObject on OBJECT

scalar federation__Scope

directive @federation__authenticated on FIELD_DEFINITION | OBJECT | INTERFACE | SCALAR | ENUM

directive @federation__requiresScopes(scopes: [[federation__Scope!]!]!) on FIELD_DEFINITION | OBJECT | INTERFACE | SCALAR | ENUM

scalar federation__Policy

directive @federation__policy(policies: [[federation__Policy!]!]!) on FIELD_DEFINITION | OBJECT | INTERFACE | SCALAR | ENUM

type _Service {
  sdl: String
}

scalar _Any

union _Entity = Habit

extend type Query {
  _entities(representations: [_Any!]!): [_Entity]!
  _service: _Service!
}
`,
      `
schema @link(url: "https://specs.apollo.dev/federation/v2.7", import: ["@key", "@shareable"]) {
  query: Query
  mutation: Mutation
}

directive @link(url: String, as: String, for: link__Purpose, import: [link__Import]) repeatable on SCHEMA

directive @key(fields: federation__FieldSet!, resolvable: Boolean = true) repeatable on OBJECT | INTERFACE

directive @federation__requires(fields: federation__FieldSet!) on FIELD_DEFINITION

directive @federation__provides(fields: federation__FieldSet!) on FIELD_DEFINITION

directive @federation__external on OBJECT | FIELD_DEFINITION

directive @federation__extends on OBJECT | INTERFACE

directive @federation__inaccessible on FIELD_DEFINITION | OBJECT | INTERFACE | UNION | ARGUMENT_DEFINITION | SCALAR | ENUM | ENUM_VALUE | INPUT_OBJECT | INPUT_FIELD_DEFINITION

directive @shareable repeatable on OBJECT | FIELD_DEFINITION

directive @federation__override(from: String!, label: String) on FIELD_DEFINITION

directive @federation__tag(name: String!) repeatable on FIELD_DEFINITION | INTERFACE | OBJECT | UNION | ARGUMENT_DEFINITION | SCALAR | ENUM | ENUM_VALUE | INPUT_OBJECT | INPUT_FIELD_DEFINITION | SCHEMA

directive @federation__composeDirective(name: String) repeatable on SCHEMA

directive @federation__interfaceObject on OBJECT

directive @federation__authenticated on FIELD_DEFINITION | OBJECT | INTERFACE | SCALAR | ENUM

directive @federation__requiresScopes(scopes: [[federation__Scope!]!]!) on FIELD_DEFINITION | OBJECT | INTERFACE | SCALAR | ENUM

directive @federation__policy(policies: [[federation__Policy!]!]!) on FIELD_DEFINITION | OBJECT | INTERFACE | SCALAR | ENUM

type Query {
  habits(first: Int): [Habit!]!
  _entities(representations: [_Any!]!): [_Entity]!
  _service: _Service!
}

type Mutation {
  checkIn(id: ID!): Habit
}

"""A habit."""
type Habit @key(fields: "id") {
  id: ID!
  name: String! @shareable
}

scalar link__Import

enum link__Purpose {
  """
  \`SECURITY\` features provide metadata necessary to securely resolve fields.
  """
  SECURITY
  """
  \`EXECUTION\` features provide metadata necessary for operation execution.
  """
  EXECUTION
}

scalar federation__FieldSet

scalar federation__Scope

scalar federation__Policy

type _Service {
  sdl: String
}

scalar _Any

union _Entity = Habit
`,
    ],
  },
  {
    what: 'no query of its own',
    written: `
extend schema
  @link(url: "https://specs.apollo.dev/federation/v2.3", import: ["@external", "@requires", { name: "@key", as: "@identity" }])

type User @identity(fields: "id") {
  id: ID!
  name: String! @external
  advice: String! @requires(fields: "name")
}
`,
    texts: [
      `
extend schema @link(url: "https://specs.apollo.dev/federation/v2.3", import: ["@external", "@requires", {name: "@key", as: "@identity"}])

type User @identity(fields: "id") {
  id: ID!
  name: String! @external
  advice: String! @requires(fields: "name")
}

directive @link(url: String, as: String, for: link__Purpose, import: [link__Import]) repeatable on SCHEMA

scalar link__Import

enum link__Purpose {
  """
  \`SECURITY\` features provide metadata necessary to securely resolve fields.
  """
  SECURITY
  """
  \`EXECUTION\` features provide metadata necessary for operation execution.
  """
  EXECUTION
}

scalar federation__FieldSet

directive @identity(fields: federation__FieldSet!, resolvable: Boolean = true) repeatable on OBJECT | INTERFACE

directive @requires(fields: federation__FieldSet!) on FIELD_DEFINITION

directive @federation__provides(fields: federation__FieldSet!) on FIELD_DEFINITION

directive @external on OBJECT | FIELD_DEFINITION

directive @federation__extends on OBJECT | INTERFACE

directive @federation__inaccessible on FIELD_DEFINITION | OBJECT | INTERFACE | UNION | ARGUMENT_DEFINITION | SCALAR | ENUM | ENUM_VALUE | INPUT_OBJECT | INPUT_FIELD_DEFINITION

directive @federation__shareable repeatable on OBJECT | FIELD_DEFINITION

directive @federation__override(from: String!) on FIELD_DEFINITION

directive @federation__tag(name: String!) repeatable on FIELD_DEFINITION | INTERFACE | OBJECT | UNION | ARGUMENT_DEFINITION | SCALAR | ENUM | ENUM_VALUE | INPUT_OBJECT | INPUT_FIELD_DEFINITION | SCHEMA

directive @federation__composeDirective(name: String) repeatable on SCHEMA

directive @federation__interfaceObject on OBJECT

type _Service {
  sdl: String
}

scalar _Any

union _Entity = User

type Query {
  _entities(representations: [_Any!]!): [_Entity]!
  _service: _Service!
}
`,
      `
schema @link(url: "https://specs.apollo.dev/federation/v2.3", import: ["@external", "@requires", {name: "@key", as: "@identity"}]) {
  query: Query
}

directive @link(url: String, as: String, for: link__Purpose, import: [link__Import]) repeatable on SCHEMA

directive @identity(fields: federation__FieldSet!, resolvable: Boolean = true) repeatable on OBJECT | INTERFACE

directive @requires(fields: federation__FieldSet!) on FIELD_DEFINITION

directive @federation__provides(fields: federation__FieldSet!) on FIELD_DEFINITION

directive @external on OBJECT | FIELD_DEFINITION

directive @federation__extends on OBJECT | INTERFACE

directive @federation__inaccessible on FIELD_DEFINITION | OBJECT | INTERFACE | UNION | ARGUMENT_DEFINITION | SCALAR | ENUM | ENUM_VALUE | INPUT_OBJECT | INPUT_FIELD_DEFINITION

directive @federation__shareable repeatable on OBJECT | FIELD_DEFINITION

directive @federation__override(from: String!) on FIELD_DEFINITION

directive @federation__tag(name: String!) repeatable on FIELD_DEFINITION | INTERFACE | OBJECT | UNION | ARGUMENT_DEFINITION | SCALAR | ENUM | ENUM_VALUE | INPUT_OBJECT | INPUT_FIELD_DEFINITION | SCHEMA

directive @federation__composeDirective(name: String) repeatable on SCHEMA

directive @federation__interfaceObject on OBJECT

type User @identity(fields: "id") {
  id: ID!
  name: String! @external
  advice: String! @requires(fields: "name")
}

scalar link__Import

enum link__Purpose {
  """
  \`SECURITY\` features provide metadata necessary to securely resolve fields.
  """
  SECURITY
  """
  \`EXECUTION\` features provide metadata necessary for operation execution.
  """
  EXECUTION
}

scalar federation__FieldSet

type _Service {
  sdl: String
}

scalar _Any

union _Entity = User

type Query {
  _entities(representations: [_Any!]!): [_Entity]!
  _service: _Service!
}
`,
    ],
  },
  {
    what: 'an entity that is extended',
    written: `
extend schema @link(url: "https://specs.apollo.dev/federation/v2.3", import: ["@key"])

extend type User @key(fields: "id") {
  id: ID!
  age: Int
}
`,
    texts: [
      `
extend schema @link(url: "https://specs.apollo.dev/federation/v2.3", import: ["@key"])

extend type User @key(fields: "id") {
  id: ID!
  age: Int
}

type User

directive @link(url: String, as: String, for: link__Purpose, import: [link__Import]) repeatable on SCHEMA

scalar link__Import

enum link__Purpose {
  """
  \`SECURITY\` features provide metadata necessary to securely resolve fields.
  """
  SECURITY
  """
  \`EXECUTION\` features provide metadata necessary for operation execution.
  """
  EXECUTION
}

scalar federation__FieldSet

directive @key(fields: federation__FieldSet!, resolvable: Boolean = true) repeatable on OBJECT | INTERFACE

directive @federation__requires(fields: federation__FieldSet!) on FIELD_DEFINITION

directive @federation__provides(fields: federation__FieldSet!) on FIELD_DEFINITION

directive @federation__external on OBJECT | FIELD_DEFINITION

directive @federation__extends on OBJECT | INTERFACE

directive @federation__inaccessible on FIELD_DEFINITION | OBJECT | INTERFACE | UNION | ARGUMENT_DEFINITION | SCALAR | ENUM | ENUM_VALUE | INPUT_OBJECT | INPUT_FIELD_DEFINITION

directive @federation__shareable repeatable on OBJECT | FIELD_DEFINITION

directive @federation__override(from: String!) on FIELD_DEFINITION

directive @federation__tag(name: String!) repeatable on FIELD_DEFINITION | INTERFACE | OBJECT | UNION | ARGUMENT_DEFINITION | SCALAR | ENUM | ENUM_VALUE | INPUT_OBJECT | INPUT_FIELD_DEFINITION | SCHEMA

directive @federation__composeDirective(name: String) repeatable on SCHEMA

directive @federation__interfaceObject on OBJECT

type _Service {
  sdl: String
}

scalar _Any

union _Entity = User

type Query {
  _entities(representations: [_Any!]!): [_Entity]!
  _service: _Service!
}
`,
    ],
  },
  {
    what: 'a root of another name',
    written: `
schema @link(url: "https://specs.apollo.dev/federation/v2.3", import: ["@key", "@tag"]) {
  query: Root
}

type Root {
  user: User
}

type User @key(fields: "id") {
  id: ID! @tag(name: "x")
}
`,
    texts: [
      `
schema @link(url: "https://specs.apollo.dev/federation/v2.3", import: ["@key", "@tag"]) {
  query: Root
}

type Root {
  user: User
}

type User @key(fields: "id") {
  id: ID! @tag(name: "x")
}

directive @link(url: String, as: String, for: link__Purpose, import: [link__Import]) repeatable on SCHEMA

scalar link__Import

enum link__Purpose {
  """
  \`SECURITY\` features provide metadata necessary to securely resolve fields.
  """
  SECURITY
  """
  \`EXECUTION\` features provide metadata necessary for operation execution.
  """
  EXECUTION
}

scalar federation__FieldSet

directive @key(fields: federation__FieldSet!, resolvable: Boolean = true) repeatable on OBJECT | INTERFACE

directive @federation__requires(fields: federation__FieldSet!) on FIELD_DEFINITION

directive @federation__provides(fields: federation__FieldSet!) on FIELD_DEFINITION

directive @federation__external on OBJECT | FIELD_DEFINITION

directive @federation__extends on OBJECT | INTERFACE

directive @federation__inaccessible on FIELD_DEFINITION | OBJECT | INTERFACE | UNION | ARGUMENT_DEFINITION | SCALAR | ENUM | ENUM_VALUE | INPUT_OBJECT | INPUT_FIELD_DEFINITION

directive @federation__shareable repeatable on OBJECT | FIELD_DEFINITION

directive @federation__override(from: String!) on FIELD_DEFINITION

directive @tag(name: String!) repeatable on FIELD_DEFINITION | INTERFACE | OBJECT | UNION | ARGUMENT_DEFINITION | SCALAR | ENUM | ENUM_VALUE | INPUT_OBJECT | INPUT_FIELD_DEFINITION | SCHEMA

directive @federation__composeDirective(name: String) repeatable on SCHEMA

directive @federation__interfaceObject on OBJECT

type _Service {
  sdl: String
}

scalar _Any

union _Entity = User

extend type Root {
  _entities(representations: [_Any!]!): [_Entity]!
  _service: _Service!
}
`,
      `
schema @link(url: "https://specs.apollo.dev/federation/v2.3", import: ["@key", "@tag"]) {
  query: Root
}

directive @link(url: String, as: String, for: link__Purpose, import: [link__Import]) repeatable on SCHEMA

directive @key(fields: federation__FieldSet!, resolvable: Boolean = true) repeatable on OBJECT | INTERFACE

directive @federation__requires(fields: federation__FieldSet!) on FIELD_DEFINITION

directive @federation__provides(fields: federation__FieldSet!) on FIELD_DEFINITION

directive @federation__external on OBJECT | FIELD_DEFINITION

directive @federation__extends on OBJECT | INTERFACE

directive @federation__inaccessible on FIELD_DEFINITION | OBJECT | INTERFACE | UNION | ARGUMENT_DEFINITION | SCALAR | ENUM | ENUM_VALUE | INPUT_OBJECT | INPUT_FIELD_DEFINITION

directive @federation__shareable repeatable on OBJECT | FIELD_DEFINITION

directive @federation__override(from: String!) on FIELD_DEFINITION

directive @tag(name: String!) repeatable on FIELD_DEFINITION | INTERFACE | OBJECT | UNION | ARGUMENT_DEFINITION | SCALAR | ENUM | ENUM_VALUE | INPUT_OBJECT | INPUT_FIELD_DEFINITION | SCHEMA

directive @federation__composeDirective(name: String) repeatable on SCHEMA

directive @federation__interfaceObject on OBJECT

type Root {
  user: User
  _entities(representations: [_Any!]!): [_Entity]!
  _service: _Service!
}

type User @key(fields: "id") {
  id: ID! @tag(name: "x")
}

scalar link__Import

enum link__Purpose {
  """
  \`SECURITY\` features provide metadata necessary to securely resolve fields.
  """
  SECURITY
  """
  \`EXECUTION\` features provide metadata necessary for operation execution.
  """
  EXECUTION
}

scalar federation__FieldSet

type _Service {
  sdl: String
}

scalar _Any

union _Entity = User
`,
    ],
  },
  {
    what: 'Federation 1',
    written: `
type Query {
  a: Int
}

type User @key(fields: "id") {
  id: ID!
}
`,
    texts: [
      `
type Query {
  a: Int
}

type User @key(fields: "id") {
  id: ID!
}
`,
      `
schema {
  query: Query
}

directive @key(fields: _FieldSet!) repeatable on OBJECT | INTERFACE

directive @requires(fields: _FieldSet!) on FIELD_DEFINITION

directive @provides(fields: _FieldSet!) on FIELD_DEFINITION

directive @external on FIELD_DEFINITION

directive @extends on OBJECT | INTERFACE

directive @tag(name: String!) repeatable on FIELD_DEFINITION | INTERFACE | OBJECT | UNION | ARGUMENT_DEFINITION | SCALAR | ENUM | ENUM_VALUE | INPUT_OBJECT | INPUT_FIELD_DEFINITION

type Query {
  a: Int
  _entities(representations: [_Any!]!): [_Entity]!
  _service: _Service!
}

type User @key(fields: "id") {
  id: ID!
}

scalar _FieldSet

type _Service {
  sdl: String
}

scalar _Any

union _Entity = User
`,
    ],
  },
];

interface Served {
  readonly what: string;
  readonly written: string;
  readonly texts: readonly string[];
}
