import { applyMask } from '../control/field-mask.ts';
import { camelCase } from '../http/proto-schema.ts';
import type { ApiRequest } from '../http/route.ts';
import { badField, bodyMessage, isRecord, type Message, textMapOf, textOf } from '../messages/index.ts';
import { readPolicies, shownPolicies } from './cleanup-policy.ts';
import type { RepositoryRecord } from './repositories.ts';

/** What a user may write of a repository. */
const SETTINGS = [
  'format',
  'description',
  'labels',
  'cleanupPolicies',
  'cleanupPolicyDryRun',
  'dockerConfig',
  'vulnerabilityScanningConfig',
];

/** What comes back with a repository that was read, and is not to be written. */
const READ_ONLY = [
  'name',
  'mode',
  'createTime',
  'updateTime',
  'registryUri',
  'sizeBytes',
  'satisfiesPzs',
  'satisfiesPzi',
];

/** The settings of a new repository. Throws INVALID_ARGUMENT. */
export function newSettings(request: ApiRequest): Message {
  const body = bodyMessage(request, [...SETTINGS, ...READ_ONLY]);
  checkKind(body);
  return checked(only(body));
}

/** The settings after an update: what the mask names, or all that the body says. */
export function updatedSettings(request: ApiRequest, before: Message, updateMask = ''): Message {
  const body = bodyMessage(request, [...SETTINGS, ...READ_ONLY]);
  if (updateMask === '' || updateMask === '*') return checked({ ...before, ...only(body) });
  const paths = updateMask.split(',').map((path) => path.trim().split('.').map(camelCase).join('.'));
  const unknown = paths.find((path) => !SETTINGS.includes(path.split('.')[0] ?? ''));
  if (unknown !== undefined) throw badField('update_mask', `"${unknown}" is not a field that can be updated`);
  if (paths.includes('format') && body['format'] !== before['format'])
    throw badField('repository.format', 'The format of a repository cannot be changed');
  return checked(applyMask(before, only(body), paths));
}

/** Whether tags stay with what they got first, and what they stand for with them. */
export function hasImmutableTags({ settings: { dockerConfig } }: RepositoryRecord): boolean {
  return isRecord(dockerConfig) && dockerConfig['immutableTags'] === true;
}

function only(body: Message): Message {
  return Object.fromEntries(Object.entries(body).filter(([field]) => SETTINGS.includes(field)));
}

function checked(settings: Message): Message {
  textMapOf(settings, 'labels');
  textOf(settings, 'description');
  const { cleanupPolicies, ...rest } = settings;
  readPolicies(cleanupPolicies);
  return isRecord(cleanupPolicies) ? { ...rest, cleanupPolicies: shownPolicies(cleanupPolicies) } : rest;
}

function checkKind(body: Message): void {
  const format = textOf(body, 'format') ?? '';
  if (format !== 'DOCKER')
    throw badField(
      'repository.format',
      `Only repositories of format DOCKER can be made here, got "${format}"`,
    );
  const mode = textOf(body, 'mode') ?? 'MODE_UNSPECIFIED';
  if (!['MODE_UNSPECIFIED', 'STANDARD_REPOSITORY'].includes(mode))
    throw badField(
      'repository.mode',
      `Only repositories of mode STANDARD_REPOSITORY can be made here, got "${mode}"`,
    );
}
