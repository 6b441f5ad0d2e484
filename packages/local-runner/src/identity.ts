import type { Leg } from './leg.ts';
import type { JobIdentity, PerJob } from './options.ts';
import { grantOf } from './workflow-tree.ts';

/** A job as tokens and addresses may depend on it. */
export function identityOf({ id, node }: Leg, environment: string | undefined): JobIdentity {
  const { call, job } = node;
  const { source, path } = call.tree;
  return {
    id,
    environment,
    permissions: grantOf(job, call.tree, call.permissions),
    workflowSha: source.sha,
    workflowRef: `${source.repository}/${path}@${source.ref}`,
  };
}

/** A value that may be made for each job. */
export function perJob(value: PerJob, job: JobIdentity): string {
  return typeof value === 'string' ? value : value(job);
}

/** The secrets of a job, its token among them; all of them hidden from then on. */
export function secretsOf({ node }: Leg, identity: JobIdentity): Readonly<Record<string, string>> {
  if (node.run.addresses.token === undefined) return node.call.secrets;
  const token = perJob(node.run.addresses.token, identity);
  node.run.masks.add(token);
  return { ...node.call.secrets, GITHUB_TOKEN: token };
}
