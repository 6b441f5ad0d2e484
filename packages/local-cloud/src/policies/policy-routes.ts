import { CloudError } from '../control/cloud-error.ts';
import type { SetPolicy } from '../control/policy-record.ts';
import { readMessage } from '../http/proto-json.ts';
import { readJson, readQuery } from '../http/query.ts';
import { type ApiRequest, resourceRoute, type Route } from '../http/route.ts';
import { badField, needs, okReply } from '../messages/index.ts';
import type { Policies } from './policies.ts';

/** What has policies. */
export interface PolicyOwner {
  /** As in {@link resourceRoute}. */
  readonly path: `/${string}`;
  /** `secretmanager.secrets` */
  readonly permission: string;
  /** The key of the resource's policy; throws NOT_FOUND when there is no such resource. */
  readonly keyOf: (name: string) => string | Promise<string>;
}

const VERSION = 'options.requestedPolicyVersion';

/** The three calls of google.iam.v1.IAMPolicy on one kind of resource. */
export function policyRoutes(policies: Policies, { path, permission, keyOf }: PolicyOwner): readonly Route[] {
  const [service = ''] = permission.split('.');
  return [
    needs(
      `${permission}.getIamPolicy`,
      resourceRoute('GET', `${path}:getIamPolicy`, async (request, name) => {
        const version = versionIn(request);
        return okReply(policies.get(await keyOf(name), version));
      }),
    ),
    needs(
      `${permission}.setIamPolicy`,
      resourceRoute('POST', `${path}:setIamPolicy`, async (request, name) => {
        const wanted = wantedIn(request);
        return okReply(policies.set({ ...wanted, resource: await keyOf(name) }));
      }),
    ),
    resourceRoute('POST', `${path}:testIamPermissions`, async (request, name) => {
      const asked = readMessage('google.iam.v1.TestIamPermissionsRequest', readJson(request));
      await keyOf(name);
      const permissions = (asked['permissions'] ?? []) as readonly string[];
      const held = permissions.filter((one) => one.startsWith(`${service}.`));
      return okReply(held.length === 0 ? {} : { permissions: held });
    }),
  ];
}

function versionIn(request: ApiRequest): number {
  const version = readQuery(request, [VERSION])[VERSION] ?? '0';
  if (/^-?\d{1,9}$/.test(version)) return Number(version);
  throw badField(VERSION, `Invalid value at 'options.requested_policy_version' (TYPE_INT32), "${version}"`);
}

function wantedIn(request: ApiRequest): Omit<SetPolicy, 'resource'> {
  const { policy, updateMask } = readMessage(
    'google.iam.v1.SetIamPolicyRequest',
    readJson(request),
  ) as Partial<SetPolicy>;
  if (policy === undefined) throw new CloudError('INVALID_ARGUMENT', 'Policy should be set.');
  return { policy, ...(updateMask === undefined ? {} : { updateMask }) };
}
