import { command } from '@fairlead/rollout';

import type { MigrationTarget } from './migration-target.ts';

/** The gcloud commands that do the same by hand; those have no key, so they run it again whenever they are sent again. */
export function gcloudMigration(target: MigrationTarget): readonly string[] {
  const { name, image, args, timeoutSeconds, settings } = target;
  const place = ['--project', name.project, '--region', name.region];
  const deploy = [
    ...['run', 'jobs', 'deploy', name.job, ...place, '--image', image],
    ...['--command', target.command.join(',')],
    ...(args.length === 0 ? [] : ['--args', args.join(',')]),
    ...['--max-retries', '0', '--task-timeout', `${timeoutSeconds}s`],
    ...pairs('--update-env-vars', settings.env),
    ...pairs('--update-secrets', { ...settings.secrets, ...settings.secretFiles }),
    ...(settings.serviceAccount === undefined ? [] : ['--service-account', settings.serviceAccount]),
    ...(settings.vpc === undefined
      ? []
      : ['--vpc-connector', settings.vpc.connector, '--vpc-egress', settings.vpc.egress]),
  ];
  return [command(deploy), command(['run', 'jobs', 'execute', name.job, ...place, '--wait'])];
}

function pairs(flag: string, values: Readonly<Record<string, string>>): readonly string[] {
  const listed = Object.entries(values).map(([key, value]) => `${key}=${value}`);
  return listed.length === 0 ? [] : [flag, listed.join(',')];
}
