import { messageOf } from '@fairlead/action-kit';

import { CloudError } from '../control/cloud-error.ts';
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

/** Whether enums are to be answered as numbers: `$alt=json;enum-encoding=int`. */
export function wantsEnumNumbers({ query }: ApiRequest): boolean {
  return [query.get('$alt'), query.get('alt')].some((alt) => alt?.includes('enum-encoding=int') === true);
}

/** The parsed body; an empty one is an empty message. Throws INVALID_ARGUMENT for anything that is no JSON. */
export function readJson({ body }: ApiRequest): unknown {
  if (body.length === 0) return {};
  try {
    return JSON.parse(body.toString('utf8')) as unknown;
  } catch (thrown) {
    const why = messageOf(thrown);
    throw new CloudError('INVALID_ARGUMENT', `Invalid JSON payload received. ${why}`);
  }
}
