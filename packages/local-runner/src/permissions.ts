import { literal, membersOf, type Template } from './template.ts';

export type Access = 'none' | 'read' | 'write';
/** Access by scope; an absent scope is `none`. */
export type Permissions = Readonly<Record<string, Access>>;

/** What a token may do when no file says anything: GitHub's restricted default. */
export const DEFAULT_PERMISSIONS: Permissions = { contents: 'read', packages: 'read', metadata: 'read' };

const SCOPES =
  'actions artifact-metadata attestations checks contents deployments discussions id-token issues models packages pages pull-requests repository-projects security-events statuses'.split(
    ' ',
  );
const RANK: Readonly<Record<Access, number>> = { none: 0, read: 1, write: 2 };

/** The access that a `permissions` key asks for; nothing when it is absent. Naming one scope takes all others away. */
export function permissionsOf(template: Template | undefined): Permissions | undefined {
  if (template === undefined) return undefined;
  const word = literal(template);
  if (word === 'read-all') return every('read');
  if (word === 'write-all') return every('write');
  return Object.fromEntries(
    Object.entries(membersOf(template)).map(([scope, access]) => [scope, accessOf(literal(access))]),
  );
}

/** The scopes that are asked for beyond what is allowed, as GitHub names them: `id-token: write`. */
export function excessOf(asked: Permissions, allowed: Permissions): readonly string[] {
  return Object.entries(asked)
    .filter(([scope, access]) => RANK[access] > RANK[allowed[scope] ?? 'none'])
    .map(([scope, access]) => `${scope}: ${access}`);
}

function every(access: 'read' | 'write'): Permissions {
  const readable = access === 'read' ? SCOPES.filter((scope) => scope !== 'id-token') : SCOPES;
  return Object.fromEntries(readable.map((scope) => [scope, access]));
}

function accessOf(word: string | undefined): Access {
  return word === 'write' || word === 'read' ? word : 'none';
}
