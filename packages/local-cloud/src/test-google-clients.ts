import { generateKeyPairSync } from 'node:crypto';

import {
  BuildsClient,
  ExecutionsClient,
  JobsClient,
  RevisionsClient,
  ServicesClient,
  TasksClient,
  WorkerPoolsClient,
} from '@google-cloud/run';
import { credentials } from '@grpc/grpc-js';

import { type LocalCloud, type LocalCloudOptions, startLocalCloud } from './local-cloud.ts';

export type Surface = 'gRPC' | 'REST';

/** For tests: a local cloud and Google's own clients of it, all closed together. */
export interface GoogleClients extends AsyncDisposable {
  readonly cloud: LocalCloud;
  readonly services: ServicesClient;
  readonly revisions: RevisionsClient;
  readonly jobs: JobsClient;
  readonly executions: ExecutionsClient;
  readonly tasks: TasksClient;
  readonly workerPools: WorkerPoolsClient;
  readonly builds: BuildsClient;
}

export async function googleClients(
  surface: Surface,
  options: Partial<LocalCloudOptions> = {},
): Promise<GoogleClients> {
  const cloud = await startLocalCloud({ containers: 'none', ...options });
  const to = surface === 'gRPC' ? overGrpc(cloud) : overRest(cloud);
  const clients = {
    services: new ServicesClient(to),
    revisions: new RevisionsClient(to),
    jobs: new JobsClient(to),
    executions: new ExecutionsClient(to),
    tasks: new TasksClient(to),
    workerPools: new WorkerPoolsClient(to),
    builds: new BuildsClient(to),
  };
  return {
    cloud,
    ...clients,
    [Symbol.asyncDispose]: async () => {
      await Promise.all(Object.values(clients).map((client) => client.close()));
      await cloud.close();
    },
  };
}

type ClientOptions = NonNullable<ConstructorParameters<typeof ServicesClient>[0]>;

function overGrpc({ grpc }: LocalCloud): ClientOptions {
  const { hostname, port } = new URL(`http://${grpc}`);
  return {
    apiEndpoint: hostname,
    port: Number(port),
    sslCreds: credentials.createInsecure(),
    projectId: 'p',
  };
}

// The client signs its own token with a key of a service account, so that it asks no network for one; nothing here looks at the token.
const { privateKey } = generateKeyPairSync('rsa', {
  modulusLength: 2048,
  publicKeyEncoding: { type: 'spki', format: 'pem' },
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
});

function overRest({ url }: LocalCloud): ClientOptions {
  const { hostname, port } = new URL(url);
  return {
    fallback: true,
    apiEndpoint: hostname,
    port: Number(port),
    protocol: 'http',
    projectId: 'p',
    credentials: { client_email: 'deployer@p.iam.gserviceaccount.com', private_key: privateKey },
  };
}
