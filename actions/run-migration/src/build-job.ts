import { type Container, type ExecutionTemplate, type Job, type JobChange } from '@fairlead/cloud-run';
import { mergedEnv, mountedSecrets } from '@fairlead/cloud-run';

import type { MigrationTarget } from './migration-target.ts';

/** Annotation that names the execution which the job's last write started. */
const EXECUTION_ANNOTATION = 'fairlead.dev/execution';

/**
 * All that the job is to be: what is live, with everything that a migration needs laid over it. One task, one attempt: a
 * retry would run a half-applied migration again.
 */
export function buildJob(
  live: Job | undefined,
  target: MigrationTarget,
  { execution, token }: { readonly execution: string; readonly token: string },
): JobChange {
  const { template = {}, labels = {}, annotations = {} } = live ?? {};
  return {
    labels: { ...labels, 'fairlead-migration': 'true' },
    annotations: { ...annotations, [EXECUTION_ANNOTATION]: execution },
    template: { ...template, parallelism: 1, taskCount: 1, template: taskOf(template, target) },
    runExecutionToken: token,
  };
}

function taskOf(live: ExecutionTemplate, { settings, timeoutSeconds, ...run }: MigrationTarget) {
  const task = live.template ?? {};
  const [container, ...sidecars] = task.containers ?? [];
  const { volumes, volumeMounts } = mountedSecrets(
    task.volumes,
    container?.volumeMounts,
    settings.secretFiles,
  );
  const env = mergedEnv(container?.env, settings);
  const { image, command, args } = run;
  const migrating: Container = {
    ...container,
    image,
    command,
    args,
    ...(env.length === 0 ? {} : { env }),
    ...(volumeMounts.length === 0 ? {} : { volumeMounts }),
  };
  return {
    ...task,
    containers: [migrating, ...sidecars],
    maxRetries: 0,
    timeout: `${timeoutSeconds}s`,
    ...(volumes.length === 0 ? {} : { volumes }),
    ...(settings.serviceAccount === undefined ? {} : { serviceAccount: settings.serviceAccount }),
    ...(settings.vpc === undefined ? {} : { vpcAccess: { ...task.vpcAccess, ...vpcOf(settings.vpc) } }),
  };
}

function vpcOf({ connector, egress }: NonNullable<MigrationTarget['settings']['vpc']>) {
  return { connector, egress: egress === 'all-traffic' ? 'ALL_TRAFFIC' : 'PRIVATE_RANGES_ONLY' };
}
