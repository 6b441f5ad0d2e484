import { randomUUID } from 'node:crypto';

import { entityNotFound } from './package-name.ts';

/** Operations of Artifact Registry: all are done when they are answered. Their ids begin with `ar-`, as Cloud Run's have the same paths here. */
export interface ArtifactOperations {
  readonly done: (parent: string, response?: object) => object;
  /** Throws NOT_FOUND. */
  readonly find: (name: string) => object;
}

const KEPT = 1_000;
const EMPTY = { '@type': 'type.googleapis.com/google.protobuf.Empty' };

export function artifactOperations(): ArtifactOperations {
  const operations = new Map<string, object>();
  return {
    done: (parent, response = EMPTY) => {
      const name = `${parent}/operations/ar-${randomUUID()}`;
      const metadata = {
        '@type': 'type.googleapis.com/google.devtools.artifactregistry.v1.OperationMetadata',
      };
      const operation = { name, metadata, done: true, response };
      operations.set(name, operation);
      const [oldest] = operations.keys();
      if (operations.size > KEPT && oldest !== undefined) operations.delete(oldest);
      return operation;
    },
    find: (name) => {
      const operation = operations.get(name);
      if (operation === undefined) throw entityNotFound();
      return operation;
    },
  };
}
