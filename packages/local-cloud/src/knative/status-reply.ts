import { shortName } from '../control/names.ts';
import type { Operation } from '../control/operations.ts';
import type { ApiReply } from '../http/route.ts';
import type { Message } from './mapping.ts';

/** The answer to a deletion: it has begun, and who asks for the resource again gets 404 once it is over. */
export function deletedReply(kind: string, resource: Message, operation: Operation): ApiReply {
  return {
    status: 200,
    body: {
      details: { group: 'v1', kind, name: shortName(String(resource['name'])), uid: resource['uid'] },
      reason: shortName(operation.name),
      status: 'Success',
    },
  };
}
