import { applyMask } from '../control/field-mask.ts';
import { camelCase } from '../http/proto-schema.ts';
import type { ApiRequest } from '../http/route.ts';
import { badField, bodyMessage, type Message, textMapOf, textOf } from '../messages/index.ts';

/** The settings with what the mask names taken from the body; without a mask, all that the body has. What cannot be changed stays. */
export function changedSettings(before: object, body: Message, updateMask: string): object {
  const paths = updateMask.split(',').flatMap((path) => (path === '' ? [] : [camelCase(path)]));
  const masked = paths.length === 0 || paths.includes('*') ? Object.keys(body) : paths;
  const unknown = masked.find((path) => !REPOSITORY_FIELDS.includes(path.split('.')[0] ?? ''));
  if (unknown !== undefined)
    throw badField(
      'update_mask',
      `The update_mask names a field that a repository does not have: "${unknown}"`,
    );
  const changeable = masked.filter((path) => CHANGEABLE.includes(path.split('.')[0] ?? ''));
  return applyMask(before, checked(body), changeable);
}

const CHANGEABLE = [
  'description',
  'labels',
  'cleanupPolicies',
  'cleanupPolicyDryRun',
  'dockerConfig',
  'vulnerabilityScanningConfig',
];

/** The fields of a Repository that a body may have. */
export const REPOSITORY_FIELDS = [
  'name',
  'createTime',
  'updateTime',
  'registryUri',
  'vulnerabilityScanningConfig',
  'format',
  'mode',
  'description',
  'labels',
  'cleanupPolicies',
  'cleanupPolicyDryRun',
  'dockerConfig',
];

/** What a new repository is made with. */
export function newSettings(request: ApiRequest): object {
  const body = bodyMessage(request, REPOSITORY_FIELDS);
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
  return checked(Object.fromEntries(Object.entries(body).filter(([field]) => field !== 'mode')));
}

/** What of the body is kept. */
function checked(body: Message): object {
  textMapOf(body, 'labels');
  textOf(body, 'description');
  return Object.fromEntries(Object.entries(body).filter(([field]) => !OUTPUTS.includes(field)));
}

const OUTPUTS = ['name', 'createTime', 'updateTime', 'registryUri'];
