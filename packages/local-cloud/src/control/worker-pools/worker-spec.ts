import type { WorkerSpec } from '../../data-plane.ts';
import type { Resolved } from '../container-spec.ts';
import { sidecarSpecs } from '../sidecar-specs.ts';
import type { SecretReader, WorkerPoolRevisionRecord } from '../world.ts';

/** What a worker pool's revision is run from. */
export function workerSpec(
  { name, workerPool, template }: Pick<WorkerPoolRevisionRecord, 'name' | 'workerPool' | 'template'>,
  secrets: SecretReader,
): Resolved<WorkerSpec> {
  const containers = sidecarSpecs(undefined, template, { resource: name, owner: workerPool, secrets });
  if (containers.kind === 'secrets-missing') return containers;
  return { kind: 'resolved', spec: { name, workerPool, containers: containers.spec } };
}
