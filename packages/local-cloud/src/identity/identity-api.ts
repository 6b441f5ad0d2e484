import type { Clock } from '@fairlead/action-kit';

import { readJson } from '../http/query.ts';
import type { Route } from '../http/route.ts';
import { badField, flagOf, isRecord, type Message, messageOf, okReply, textsOf } from '../messages/index.ts';
import { credentialRoutes } from './credentials-api.ts';
import type { Identity, IdentityOptions } from './identity.ts';
import { readProvider } from './provider.ts';
import { stsRoutes } from './sts-api.ts';

/** Token exchange, impersonation, and `PUT /-/identity`, which says whose tokens are taken and who may act as whom. */
export function identityRoutes(identity: Identity, clock: Clock): readonly Route[] {
  return [
    ...stsRoutes(identity, clock),
    ...credentialRoutes(identity, clock),
    {
      method: 'PUT',
      pattern: /^\/-\/identity$/,
      handle: async (request) => {
        identity.change(await readOptions(readJson(request)));
        return okReply(identity.settings());
      },
    },
    { method: 'GET', pattern: /^\/-\/identity$/, handle: () => okReply(identity.settings()) },
  ];
}

async function readOptions(json: unknown): Promise<IdentityOptions> {
  const message = messageOf(json, ['providers', 'serviceAccounts', 'requireTokens', 'grants'], '');
  const { providers, serviceAccounts, requireTokens, grants } = message;
  if (providers !== undefined && !Array.isArray(providers))
    throw badField('providers', 'providers must be a list');
  return {
    ...(providers === undefined ? {} : { providers: await Promise.all(providers.map(readProvider)) }),
    ...(serviceAccounts === undefined
      ? {}
      : { serviceAccounts: textsByKey('serviceAccounts', serviceAccounts, 'members by e-mail') }),
    ...(grants === undefined ? {} : { grants: textsByKey('grants', grants, 'roles by member') }),
    ...(requireTokens === undefined ? {} : { requireTokens: flagOf(message, 'requireTokens') }),
  };
}

function textsByKey(field: string, json: unknown, what: string): Readonly<Record<string, readonly string[]>> {
  if (!isRecord(json)) throw badField(field, `${field} must be lists of ${what}`);
  const lists: Message = json;
  return Object.fromEntries(Object.keys(lists).map((key) => [key, textsOf(lists, key)]));
}
