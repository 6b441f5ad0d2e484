import type { DeleteRequest } from '../control/requests.ts';
import { flag, readQuery } from './query.ts';
import type { ApiRequest } from './route.ts';

/** The parameters that every delete has. */
export function readDelete(request: ApiRequest, name: string): DeleteRequest {
  const { etag, validateOnly } = readQuery(request, ['etag', 'validateOnly']);
  return {
    name,
    ...(etag === undefined ? {} : { etag }),
    validateOnly: flag('validateOnly', validateOnly),
  };
}
