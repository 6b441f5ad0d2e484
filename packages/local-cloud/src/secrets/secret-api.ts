import { CloudError } from '../control/cloud-error.ts';
import { viewFilter } from '../filter/index.ts';
import { camelCase } from '../http/proto-schema.ts';
import { readQuery } from '../http/query.ts';
import { type ApiReply, type ApiRequest, resourceRoute, type Route } from '../http/route.ts';
import { badField, bodyMessage, needs, okReply, pageReply, textOf } from '../messages/index.ts';
import type { Policies } from '../policies/policies.ts';
import { policyRoutes } from '../policies/policy-routes.ts';
import { checkEtag, parentOf, secretAt } from './lookup.ts';
import { CHANGEABLE_FIELDS, SECRET_FIELDS, settingsOf } from './secret-settings.ts';
import { etagOf, secretView } from './secret-views.ts';
import type { Secrets } from './secrets.ts';
import { versionRoutes } from './version-api.ts';

const SECRET = '/v1/projects/*/secrets/*';

/** Secret Manager, v1: secrets, their versions and their policies. Regional secrets are left out. */
export function secretRoutes(secrets: Secrets, policies: Policies): readonly Route[] {
  return [
    needs(
      'secretmanager.secrets.list',
      resourceRoute('GET', '/v1/projects/*/secrets', (request, name) =>
        list(secrets, request, parentOf(name)),
      ),
    ),
    needs(
      'secretmanager.secrets.create',
      resourceRoute('POST', '/v1/projects/*/secrets', (request, name) =>
        create(secrets, request, parentOf(name)),
      ),
    ),
    needs(
      'secretmanager.secrets.get',
      resourceRoute('GET', SECRET, (_, name) => okReply(secretView(parentOf(name), secretAt(secrets, name)))),
    ),
    needs(
      'secretmanager.secrets.update',
      resourceRoute('PATCH', SECRET, (request, name) => patch(secrets, request, name)),
    ),
    needs(
      'secretmanager.secrets.delete',
      resourceRoute('DELETE', SECRET, (request, name) => {
        const secret = secretAt(secrets, name);
        checkEtag(readQuery(request, ['etag'])['etag'], etagOf(secret));
        secrets.remove(secret.name);
        policies.forget(policyKeyOf(secret.name));
        return okReply({});
      }),
    ),
    ...policyRoutes(policies, {
      path: SECRET,
      permission: 'secretmanager.secrets',
      keyOf: (name) => policyKeyOf(secretAt(secrets, name).name),
    }),
    ...versionRoutes(secrets),
  ];
}

/** As all projects see the same secrets, they see the same policies. */
function policyKeyOf(secret: string): string {
  return `secrets/${secret}`;
}

function list(secrets: Secrets, request: ApiRequest, parent: string): ApiReply {
  const query = readQuery(request, ['pageSize', 'pageToken', 'filter']);
  const fits = viewFilter(query['filter']);
  return pageReply(query, {
    field: 'secrets',
    items: secrets.all().filter((secret) => fits(secretView(parent, secret))),
    keyOf: ({ name }) => name,
    view: (secret) => secretView(parent, secret),
  });
}

function create(secrets: Secrets, request: ApiRequest, parent: string): ApiReply {
  const { secretId = '' } = readQuery(request, ['secretId']);
  const settings = settingsOf(bodyMessage(request, SECRET_FIELDS), secrets.now());
  if (!/^[A-Za-z0-9_-]{1,255}$/.test(secretId))
    throw badField(
      'secret_id',
      `The provided Secret ID [${secretId}] does not match the expected format [[a-zA-Z_0-9-]{1,255}]`,
    );
  if (settings.replication === undefined) throw badField('secret', 'Secret must be provided.');
  if (secrets.find(secretId) !== undefined)
    throw new CloudError('ALREADY_EXISTS', `Secret [${parent}/secrets/${secretId}] already exists.`);
  return okReply(secretView(parent, secrets.put(secretId, settings)));
}

function patch(secrets: Secrets, request: ApiRequest, name: string): ApiReply {
  const { updateMask = '' } = readQuery(request, ['updateMask']);
  const body = bodyMessage(request, SECRET_FIELDS);
  const secret = secretAt(secrets, name);
  checkEtag(textOf(body, 'etag'), etagOf(secret));
  const paths = updateMask.split(',').flatMap((path) => (path === '' ? [] : [camelCase(path)]));
  const other = paths.find((path) => !CHANGEABLE_FIELDS.includes(path));
  if (other !== undefined || paths.length === 0)
    throw badField('update_mask', `The update_mask [${updateMask}] names no field that can be changed.`);
  const given: Readonly<Record<string, unknown>> = { ...settingsOf(body, secrets.now()) };
  const changes = Object.fromEntries(
    paths.map((path) => (path === 'ttl' ? 'expireTime' : path)).map((path) => [path, given[path]]),
  );
  return okReply(secretView(parentOf(name), secrets.put(secret.name, { ...secret.settings, ...changes })));
}
