import fc from 'fast-check';

import { LATEST, REVISION } from '../control/resources.ts';
import type { Message } from './mapping.ts';

const word = fc.stringMatching(/^[a-z]{1,8}$/);
const text = fc.string({ minLength: 1, maxLength: 20 });
const count = fc.integer({ min: 1, max: 1000 });
const duration = count.map((seconds) => `${seconds}s`);
const labels = fc.dictionary(word, word, { minKeys: 1, maxKeys: 3 });
const flag = fc.constant(true);

const probe = fc.record(
  {
    initialDelaySeconds: count,
    timeoutSeconds: count,
    periodSeconds: count,
    failureThreshold: count,
    httpGet: fc.record({ path: text, port: count }, { requiredKeys: [] }),
  },
  { requiredKeys: ['httpGet'] },
);

const variable = fc.oneof(
  fc.record({ name: word, value: fc.string() }),
  fc.record({
    name: word,
    valueSource: fc.record({ secretKeyRef: fc.record({ secret: word, version: fc.constant('latest') }) }),
  }),
);

const volume = fc.oneof(
  fc.record({
    name: word,
    secret: fc.record(
      {
        secret: word,
        defaultMode: count,
        items: fc.array(fc.record({ path: word, version: word, mode: count }), {
          minLength: 1,
          maxLength: 2,
        }),
      },
      { requiredKeys: ['secret'] },
    ),
  }),
  fc.record({ name: word, emptyDir: fc.record({ medium: fc.constant('MEMORY'), sizeLimit: text }) }),
  fc.record({ name: word, nfs: fc.record({ server: word, path: word }) }),
  fc.record({
    name: word,
    gcs: fc.record(
      { bucket: word, readOnly: flag, mountOptions: fc.array(word, { minLength: 1, maxLength: 2 }) },
      { requiredKeys: ['bucket'] },
    ),
  }),
);

/** For tests: containers of which v1 can say everything; all have the CPU settings given. */
function containers(cpu: fc.Arbitrary<Message>): fc.Arbitrary<readonly Message[]> {
  const sized = cpu.chain((settings) =>
    fc.array(
      fc.record(
        {
          name: word,
          image: word,
          command: fc.array(text, { minLength: 1, maxLength: 2 }),
          args: fc.array(text, { minLength: 1, maxLength: 2 }),
          env: fc.uniqueArray(variable, { selector: ({ name }) => name, minLength: 1, maxLength: 3 }),
          resources: fc.constant({ limits: { cpu: '1', memory: '512Mi' }, ...settings }),
          volumeMounts: fc.array(fc.record({ name: word, mountPath: text }), { minLength: 1, maxLength: 2 }),
          workingDir: text,
          livenessProbe: probe,
          readinessProbe: probe,
          startupProbe: probe,
          dependsOn: fc.array(word, { minLength: 1, maxLength: 2 }),
          baseImageUri: word,
        },
        { requiredKeys: ['name', 'image', 'resources'] },
      ),
      { minLength: 1, maxLength: 3 },
    ),
  );
  return sized
    .map((all) => all.filter((one, index) => all.findIndex(({ name }) => name === one.name) === index))
    .map(([first, ...others]) => [{ ...first, ports: [{ name: 'http1', containerPort: 8080 }] }, ...others]);
}

const uniformCpu = fc.constantFrom({ cpuIdle: true }, {}, { cpuIdle: true, startupCpuBoost: true });

const template = fc.record(
  {
    revision: word,
    labels,
    annotations: labels,
    scaling: fc.record(
      { minInstanceCount: count, maxInstanceCount: count },
      { requiredKeys: ['maxInstanceCount'] },
    ),
    vpcAccess: fc.oneof(
      fc.record({ connector: word, egress: fc.constantFrom('ALL_TRAFFIC', 'PRIVATE_RANGES_ONLY') }),
      fc.record({
        networkInterfaces: fc.array(
          fc.record({
            network: word,
            subnetwork: word,
            tags: fc.array(word, { minLength: 1, maxLength: 2 }),
          }),
          { minLength: 1, maxLength: 2 },
        ),
      }),
    ),
    timeout: duration,
    serviceAccount: text,
    containers: containers(uniformCpu),
    volumes: fc.array(volume, { minLength: 1, maxLength: 3 }),
    executionEnvironment: fc.constantFrom('EXECUTION_ENVIRONMENT_GEN1', 'EXECUTION_ENVIRONMENT_GEN2'),
    encryptionKey: word,
    encryptionKeyRevocationAction: fc.constantFrom('PREVENT_NEW', 'SHUTDOWN'),
    encryptionKeyShutdownDuration: count.map((hours) => `${hours * 3600}s`),
    maxInstanceRequestConcurrency: count,
    serviceMesh: fc.record({ mesh: word }),
    sessionAffinity: flag,
    healthCheckDisabled: flag,
    gpuZonalRedundancyDisabled: flag,
    nodeSelector: fc.record({ accelerator: word }),
  },
  { requiredKeys: ['containers'] },
);

const target = fc.oneof(
  fc.record({ type: fc.constant(LATEST), percent: count, tag: word }, { requiredKeys: ['type'] }),
  fc.record(
    { type: fc.constant(REVISION), revision: word, percent: count, tag: word },
    { requiredKeys: ['type', 'revision'] },
  ),
);

const fields = {
  description: text,
  labels,
  annotations: labels,
  client: word,
  clientVersion: word,
  ingress: fc.constantFrom(
    'INGRESS_TRAFFIC_ALL',
    'INGRESS_TRAFFIC_INTERNAL_ONLY',
    'INGRESS_TRAFFIC_INTERNAL_LOAD_BALANCER',
  ),
  launchStage: fc.constantFrom('ALPHA', 'BETA', 'GA'),
  binaryAuthorization: fc.oneof(
    fc.record({ useDefault: flag, breakglassJustification: text }, { requiredKeys: ['useDefault'] }),
    fc.record({ policy: word }),
  ),
  template,
  traffic: fc.array(target, { minLength: 1, maxLength: 3 }),
  scaling: fc.record({
    minInstanceCount: count,
    maxInstanceCount: count,
    manualInstanceCount: count,
    scalingMode: fc.constantFrom('AUTOMATIC', 'MANUAL'),
  }),
  invokerIamDisabled: flag,
  defaultUriDisabled: flag,
  iapEnabled: flag,
  multiRegionSettings: fc.record({ regions: fc.array(word, { minLength: 1, maxLength: 2 }) }),
  customAudiences: fc.array(text, { minLength: 1, maxLength: 2 }),
  buildConfig: fc.record({
    functionTarget: word,
    environmentVariables: labels,
    enableAutomaticUpdates: flag,
  }),
};
const requiredKeys: ['ingress', 'launchStage', 'template', 'traffic'] = [
  'ingress',
  'launchStage',
  'template',
  'traffic',
];

/** For tests: what a user may write of a v2 service, as far as v1 can say it. */
export const sayableServices: fc.Arbitrary<Message> = fc.record(fields, { requiredKeys });

const perContainerCpu = fc.record({ cpuIdle: flag, startupCpuBoost: flag }, { requiredKeys: [] });

/** For tests: the same with what v1 has no words for. */
export const services: fc.Arbitrary<Message> = fc.record(
  {
    ...fields,
    multiRegionSettings: fc.record({ regions: fc.array(word, { minLength: 1 }), multiRegionId: word }),
    template: fc
      .tuple(template, containers(perContainerCpu), containers(perContainerCpu))
      .map(([base, some, others]) => ({
        ...base,
        containers: [...some, ...others].map((container, index) => ({ ...container, name: `c${index}` })),
        volumes: [{ name: 'sql', cloudSqlInstance: { instances: ['p:r:db'] } }],
      })),
  },
  { requiredKeys },
);

/** For tests: what a user may write of a v2 job, as far as v1 can say it. */
export const sayableJobs: fc.Arbitrary<Message> = fc.record(
  {
    labels,
    annotations: labels,
    client: word,
    clientVersion: word,
    launchStage: fields.launchStage,
    binaryAuthorization: fields.binaryAuthorization,
    runExecutionToken: word,
    template: fc.record(
      {
        labels,
        annotations: labels,
        parallelism: count,
        taskCount: count,
        template: fc.record(
          {
            containers: containers(fc.constant({})),
            volumes: fc.array(volume, { minLength: 1, maxLength: 3 }),
            maxRetries: fc.nat(10),
            timeout: duration,
            serviceAccount: text,
            executionEnvironment: fc.constant('EXECUTION_ENVIRONMENT_GEN2'),
            encryptionKey: word,
          },
          { requiredKeys: ['containers'] },
        ),
      },
      { requiredKeys: ['template'] },
    ),
  },
  { requiredKeys: ['launchStage', 'template'] },
);

/** For tests: what the API says of a resource beside what a user wrote. */
export function asStored(name: string, written: Message): Message {
  return {
    ...written,
    name,
    uid: 'u',
    generation: '1',
    observedGeneration: '1',
    createTime: '2026-01-01T00:00:00.000000Z',
    updateTime: '2026-01-01T00:00:00.000001Z',
    terminalCondition: { type: 'Ready', state: 'CONDITION_SUCCEEDED' },
  };
}
