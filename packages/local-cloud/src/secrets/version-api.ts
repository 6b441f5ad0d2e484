import { CloudError } from '../control/cloud-error.ts';
import { viewFilter } from '../filter/index.ts';
import { readQuery } from '../http/query.ts';
import { type ApiReply, type ApiRequest, resourceRoute, type Route } from '../http/route.ts';
import { badField, bodyMessage, messageOf, needs, okReply, pageReply, textOf } from '../messages/index.ts';
import { checkEtag, parentOf, secretAt, versionAt } from './lookup.ts';
import { accessView, checksumOf, etagOf, versionView } from './secret-views.ts';
import type { Secrets, SecretVersion } from './secrets.ts';

const SECRET = '/v1/projects/*/secrets/*';
const VERSION = `${SECRET}/versions/*` as const;
const LARGEST_BYTES = 64 * 1024;

/** Adding, reading and retiring the versions of secrets. A version is never changed, and a destroyed one never comes back. */
export function versionRoutes(secrets: Secrets): readonly Route[] {
  return [
    needs(
      'secretmanager.versions.add',
      resourceRoute('POST', `${SECRET}:addVersion`, (request, name) => add(secrets, request, name)),
    ),
    needs(
      'secretmanager.versions.list',
      resourceRoute('GET', `${SECRET}/versions`, (request, name) => list(secrets, request, name)),
    ),
    needs(
      'secretmanager.versions.get',
      resourceRoute('GET', VERSION, (_, name) =>
        okReply(versionView(secretNameOf(name), versionAt(secrets, name), secretAt(secrets, name))),
      ),
    ),
    needs(
      'secretmanager.versions.access',
      resourceRoute('GET', `${VERSION}:access`, (_, name) => {
        const version = versionAt(secrets, name);
        if (version.state !== 'ENABLED') throw inState(name, version);
        return okReply(accessView(secretNameOf(name), version));
      }),
    ),
    needs(
      'secretmanager.versions.enable',
      resourceRoute('POST', `${VERSION}:enable`, turn(secrets, 'ENABLED')),
    ),
    needs(
      'secretmanager.versions.disable',
      resourceRoute('POST', `${VERSION}:disable`, turn(secrets, 'DISABLED')),
    ),
    needs(
      'secretmanager.versions.destroy',
      resourceRoute('POST', `${VERSION}:destroy`, turn(secrets, 'DESTROYED')),
    ),
  ];
}

function add(secrets: Secrets, request: ApiRequest, name: string): ApiReply {
  const { data, isChecked } = payloadOf(request);
  const secret = secretAt(secrets, name);
  const number = secrets.add(secret.name, data, { isChecked });
  return okReply(versionView(name, versionAt(secrets, `${name}/versions/${number}`), secret));
}

function payloadOf(request: ApiRequest): { readonly data: Buffer; readonly isChecked: boolean } {
  const { payload } = bodyMessage(request, ['payload']);
  if (payload === undefined) throw badField('payload', 'Field [payload] is required.');
  const message = messageOf(payload, ['data', 'dataCrc32c'], 'payload');
  const data = Buffer.from(textOf(message, 'data') ?? '', 'base64');
  if (data.length === 0) throw badField('payload.data', 'The payload must hold data.');
  if (data.length > LARGEST_BYTES)
    throw badField(
      'payload.data',
      `The payload must have at most ${LARGEST_BYTES} bytes, got ${data.length}.`,
    );
  const checksum = message['dataCrc32c'];
  if (checksum !== undefined && JSON.stringify(checksum).replaceAll('"', '') !== checksumOf(data))
    throw badField('payload.data_crc32c', 'The payload data does not match its CRC32C checksum.');
  return { data, isChecked: checksum !== undefined };
}

function list(secrets: Secrets, request: ApiRequest, name: string): ApiReply {
  const query = readQuery(request, ['pageSize', 'pageToken', 'filter']);
  const secretName = secretNameOf(name);
  const fits = viewFilter(query['filter']);
  const secret = secretAt(secrets, name);
  const versions = secret.versions.toReversed();
  return pageReply(query, {
    field: 'versions',
    items: versions.filter((version) => fits(versionView(secretName, version, secret))),
    keyOf: ({ number }) => String(number),
    view: (version) => versionView(secretName, version, secret),
  });
}

function turn(secrets: Secrets, state: SecretVersion['state']): Parameters<typeof resourceRoute>[2] {
  return (request, name) => {
    const etag = textOf(bodyMessage(request, ['etag']), 'etag');
    const secret = secretAt(secrets, name);
    const version = versionAt(secrets, name);
    checkEtag(etag, etagOf(version));
    if (version.state === 'DESTROYED') throw inState(name, version);
    const changed = secrets.setState(secret.name, version.number, state) ?? version;
    return okReply(versionView(secretNameOf(name), changed, secret));
  };
}

function inState(name: string, { number, state }: SecretVersion): CloudError {
  const version = `${secretNameOf(name)}/versions/${number}`;
  return new CloudError('FAILED_PRECONDITION', `Secret Version [${version}] is in ${state} state.`);
}

function secretNameOf(name: string): string {
  return `${parentOf(name)}/secrets/${name.split('/')[3] ?? ''}`;
}
