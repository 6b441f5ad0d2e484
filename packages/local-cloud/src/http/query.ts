import { messageOf } from '@fairlead/action-kit';

import { CloudError } from '../control/cloud-error.ts';
import { isTooDeep } from './json-depth.ts';
import { camelCase } from './proto-schema.ts';
import type { ApiRequest } from './route.ts';

// The parameters that every Google API knows.
const COMMON = new Set([
  '$.xgafv',
  '$alt',
  '$prettyPrint',
  'access_token',
  'alt',
  'callback',
  'fields',
  'key',
  'oauth_token',
  'prettyPrint',
  'quotaUser',
  'uploadType',
  'upload_protocol',
]);

/** The parameters that are the method's own, as they were given. */
export function parameters({ query }: ApiRequest): readonly (readonly [string, string])[] {
  return [...query].filter(([key]) => !COMMON.has(key));
}

/** The query by lowerCamel names; throws INVALID_ARGUMENT for a parameter that the method does not have. */
export function readQuery(request: ApiRequest, allowed: readonly string[]): Readonly<Record<string, string>> {
  const entries = parameters(request);
  const unknown = entries.find(([key]) => !allowed.includes(camelCase(key)));
  if (unknown !== undefined)
    throw new CloudError(
      'INVALID_ARGUMENT',
      `Invalid JSON payload received. Unknown name "${unknown[0]}": Cannot bind query parameter. Field '${unknown[0]}' could not be found in request message.`,
    );
  return Object.fromEntries(entries.map(([key, value]) => [camelCase(key), value]));
}

export function flag(name: string, value: string | undefined): boolean {
  if (value === undefined || value === 'false') return false;
  if (value === 'true') return true;
  throw new CloudError('INVALID_ARGUMENT', `Invalid value at '${name}' (TYPE_BOOL), "${value}"`);
}

/** A page as the query asks for it. */
export function page(query: Readonly<Record<string, string>>): {
  readonly size?: number;
  readonly token?: string;
} {
  const { pageSize, pageToken } = query;
  return {
    ...(pageSize === undefined ? {} : { size: Number(pageSize) }),
    ...(pageToken === undefined ? {} : { token: pageToken }),
  };
}

/** Whether enums are to be answered as numbers: `$alt=json;enum-encoding=int`. */
export function wantsEnumNumbers({ query }: ApiRequest): boolean {
  return [query.get('$alt'), query.get('alt')].some((alt) => alt?.includes('enum-encoding=int') === true);
}

/** The parsed body; an empty one is an empty message. Throws INVALID_ARGUMENT for anything that is no JSON. */
export function readJson({ body }: ApiRequest): unknown {
  if (body.length === 0) return {};
  if (isTooDeep(body))
    throw new CloudError(
      'INVALID_ARGUMENT',
      'Invalid JSON payload received. Message too deep. Max recursion depth reached.',
    );
  try {
    return JSON.parse(body.toString('utf8')) as unknown;
  } catch (thrown) {
    const why = messageOf(thrown);
    throw new CloudError('INVALID_ARGUMENT', `Invalid JSON payload received. ${why}`);
  }
}
