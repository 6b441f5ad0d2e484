import { command, where } from '@fairlead/rollout';
import type { UnitPlan } from './plan-unit.ts';
import type { Staging } from './staging.ts';

/** The gcloud command that would stage the same by hand. */
export function gcloudDeploy({ target, intent, tag }: Staging, { kind, revision }: UnitPlan): string {
  const { name } = target;
  const { settings, image, labels } = intent;
  const suffix = revision.slice(name.service.length + 1);
  return command([
    ...['run', 'deploy', name.service, ...where(name), '--image', image, '--revision-suffix', suffix],
    ...(kind === 'create' ? [] : ['--no-traffic']),
    ...(tag === undefined ? [] : ['--tag', tag]),
    ...pairs('--update-env-vars', settings.env),
    ...pairs('--update-secrets', { ...settings.secrets, ...settings.secretFiles }),
    ...pairs('--update-labels', labels),
    ...flag('--port', settings.port),
    ...flag('--cpu', settings.cpu),
    ...flag('--memory', settings.memory),
    ...flag('--min-instances', settings.minInstances),
    ...flag('--max-instances', settings.maxInstances),
    ...flag('--concurrency', settings.concurrency),
    ...flag('--timeout', settings.timeoutSeconds),
    ...flag('--service-account', settings.serviceAccount),
    ...flag('--ingress', settings.ingress),
    ...(settings.public === undefined
      ? []
      : [settings.public ? '--no-invoker-iam-check' : '--invoker-iam-check']),
  ]);
}

// The separator of the list may not occur in it: gcloud takes another one between two carets.
function pairs(name: string, values: Readonly<Record<string, string>>): readonly string[] {
  const entries = Object.entries(values).map(([key, value]) => `${key}=${value}`);
  if (entries.length === 0) return [];
  const separator = [',', '@', '#', '|', '~'].find((mark) => !entries.some((entry) => entry.includes(mark)));
  return separator === ',' || separator === undefined
    ? [name, entries.join(',')]
    : [name, `^${separator}^${entries.join(separator)}`];
}

function flag(name: string, value: string | number | undefined): readonly string[] {
  return value === undefined ? [] : [name, String(value)];
}
