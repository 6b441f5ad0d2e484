import { applyMask } from '../control/field-mask.ts';
import { camelCase } from '../http/proto-schema.ts';
import type { ApiRequest } from '../http/route.ts';
import {
  badField,
  bodyMessage,
  flagOf,
  isRecord,
  type Message,
  messageOf,
  textMapOf,
  textOf,
} from '../messages/index.ts';
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
  const { format = before['format'] } = body;
  const isWhole = updateMask === '' || updateMask === '*';
  if ((isWhole || updateMask.split(',').includes('format')) && format !== before['format'])
    throw badField('repository.format', 'The format of a repository cannot be changed');
  if (isWhole) return checked({ ...before, ...only(body) });
  const paths = updateMask.split(',').map((path) => path.trim().split('.').map(camelCase).join('.'));
  const unknown = paths.find((path) => !SETTINGS.includes(path.split('.')[0] ?? ''));
  if (unknown !== undefined) throw badField('update_mask', `"${unknown}" is not a field that can be updated`);
  const settings = paths.filter((path) => path !== 'format');
  return checked(applyMask(before, only(body), settings));
}

/** Whether tags stay with what they got first, and what they stand for with them. */
export function hasImmutableTags({ settings: { dockerConfig } }: RepositoryRecord): boolean {
  return isRecord(dockerConfig) && dockerConfig['immutableTags'] === true;
}

function only(body: Message): Message {
  return Object.fromEntries(Object.entries(body).filter(([field]) => SETTINGS.includes(field)));
}

const SCANNING = ['enablementConfig', 'lastEnableTime', 'enablementState', 'enablementStateReason'];

function checked(settings: Message): Message {
  textMapOf(settings, 'labels');
  textOf(settings, 'description');
  flagOf(settings, 'cleanupPolicyDryRun');
  flagOf(
    messageOf(settings['dockerConfig'] ?? {}, ['immutableTags'], 'repository.docker_config'),
    'immutableTags',
  );
  messageOf(
    settings['vulnerabilityScanningConfig'] ?? {},
    SCANNING,
    'repository.vulnerability_scanning_config',
  );
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
