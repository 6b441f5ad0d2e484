import { badField, countOf, isRecord, type Message, messageOf, textOf, textsOf } from '../messages/index.ts';

/** google.devtools.artifactregistry.v1.CleanupPolicy, read. */
export type CleanupPolicy =
  | { readonly kind: 'delete'; readonly when: VersionCondition }
  | { readonly kind: 'keep'; readonly when: VersionCondition }
  | { readonly kind: 'keep-newest'; readonly count: number; readonly packagePrefixes: readonly string[] };

/** All that is given must hold; of several prefixes, one. */
export interface VersionCondition {
  readonly tagState: 'TAGGED' | 'UNTAGGED' | 'ANY';
  readonly tagPrefixes: readonly string[];
  readonly versionPrefixes: readonly string[];
  readonly packagePrefixes: readonly string[];
  readonly olderThanMs?: number;
  readonly newerThanMs?: number;
}

const MOST_POLICIES = 10;

/** The policies of a repository by their ids. Throws INVALID_ARGUMENT for what is none. */
export function readPolicies(json: unknown): readonly CleanupPolicy[] {
  if (json === undefined) return [];
  if (!isRecord(json)) throw badField(AT, `Invalid value at '${AT}' (MAP), ${JSON.stringify(json)}`);
  const policies = Object.entries(json);
  if (policies.length > MOST_POLICIES)
    throw badField(AT, `A repository has at most ${MOST_POLICIES} cleanup policies, got ${policies.length}`);
  return policies.map(([id, policy]) => readPolicy(id, policy));
}

/** The policies as they are shown: ids filled in, enums in capitals and ages without an empty fraction. gcloud writes otherwise. */
export function shownPolicies(json: Message): Message {
  return Object.fromEntries(
    Object.entries(json).map(([id, policy]) => {
      const { condition, action, ...rest } = isRecord(policy) ? policy : {};
      const shown = isRecord(condition) ? { condition: shownCondition(condition) } : {};
      return [id, { ...rest, id, action: String(action).toUpperCase(), ...shown }];
    }),
  );
}

function shownCondition(condition: Message): Message {
  const shown = Object.entries(condition).map(([field, value]) => {
    if (field === 'tagState') return [field, String(value).toUpperCase()];
    const isAge = field === 'olderThan' || field === 'newerThan';
    return [field, isAge ? String(value).replace(/\.0+s$/, 's') : value];
  });
  return Object.fromEntries(shown) as Message;
}

const AT = 'repository.cleanup_policies';

function readPolicy(id: string, json: unknown): CleanupPolicy {
  const at = `${AT}[${id}]`;
  const policy = messageOf(json, ['id', 'action', 'condition', 'mostRecentVersions'], at);
  const { condition, mostRecentVersions: newest } = policy;
  if ((textOf(policy, 'id') ?? id) !== id) throw badField(at, `The id of policy "${id}" must be its key`);
  if ((condition === undefined) === (newest === undefined))
    throw badField(at, `Policy "${id}" must have either a condition or mostRecentVersions`);
  const action = textOf(policy, 'action')?.toUpperCase();
  if (action !== 'DELETE' && action !== 'KEEP')
    throw badField(
      `${at}.action`,
      `The action of policy "${id}" must be DELETE or KEEP, got "${action ?? ''}"`,
    );
  if (newest === undefined)
    return { kind: action === 'KEEP' ? 'keep' : 'delete', when: readCondition(`${at}.condition`, condition) };
  if (action === 'DELETE')
    throw badField(at, `Policy "${id}" may have mostRecentVersions with the action KEEP alone`);
  return readNewest(`${at}.most_recent_versions`, newest);
}

function readNewest(at: string, json: unknown): CleanupPolicy {
  const newest = messageOf(json, ['packageNamePrefixes', 'keepCount'], at);
  const count = countOf(newest, 'keepCount') ?? 0;
  if (count < 1) throw badField(`${at}.keep_count`, `keepCount must be at least 1, got ${count}`);
  return { kind: 'keep-newest', count, packagePrefixes: textsOf(newest, 'packageNamePrefixes') };
}

const CONDITION = [
  'tagState',
  'tagPrefixes',
  'versionNamePrefixes',
  'packageNamePrefixes',
  'olderThan',
  'newerThan',
];

function readCondition(at: string, json: unknown): VersionCondition {
  const condition = messageOf(json, CONDITION, at);
  const [olderThanMs, newerThanMs] = [ageIn(condition, 'olderThan'), ageIn(condition, 'newerThan')];
  const tagPrefixes = textsOf(condition, 'tagPrefixes');
  const tagState = stateIn(at, condition);
  if (tagPrefixes.length > 0 && tagState === 'UNTAGGED')
    throw badField(at, 'tagPrefixes cannot be given with the tagState UNTAGGED');
  return {
    tagState,
    tagPrefixes,
    versionPrefixes: textsOf(condition, 'versionNamePrefixes'),
    packagePrefixes: textsOf(condition, 'packageNamePrefixes'),
    ...(olderThanMs === undefined ? {} : { olderThanMs }),
    ...(newerThanMs === undefined ? {} : { newerThanMs }),
  };
}

function stateIn(at: string, condition: Message): VersionCondition['tagState'] {
  const state = (textOf(condition, 'tagState') ?? 'ANY').toUpperCase();
  if (state === 'TAGGED' || state === 'UNTAGGED' || state === 'ANY') return state;
  if (state === 'TAG_STATE_UNSPECIFIED') return 'ANY';
  throw badField(`${at}.tag_state`, `tagState must be TAGGED, UNTAGGED or ANY, got "${state}"`);
}

function ageIn(condition: Message, field: string): number | undefined {
  const text = textOf(condition, field);
  if (text === undefined) return undefined;
  if (!/^\d{1,11}(?:\.\d{1,9})?s$/.test(text))
    throw badField(field, `${field} must be a duration in seconds such as "86400s", got "${text}"`);
  return Number(text.slice(0, -1)) * 1_000;
}
