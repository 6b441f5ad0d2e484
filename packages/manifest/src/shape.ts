import * as z from 'zod';

import { shown } from './finding.ts';
import * as scalar from './scalars.ts';
import { didYouMean } from './suggestion.ts';

/** A map with these keys and no others; each unknown key is answered in a line of its own. */
function record<S extends z.ZodRawShape>(shape: S) {
  const known = Object.keys(shape);
  return z.strictObject(shape, {
    error: (issue) =>
      issue.code === 'unrecognized_keys'
        ? issue.keys.map((key) => `has no key ${shown(key)}${didYouMean(key, known)}`).join('\n')
        : undefined,
  });
}

/**
 * A map from keys of a form to values. A key of another form is an error beside those of its value; zod's own key schema would hide what is wrong
 * below such a key.
 */
function mapOf<V extends z.ZodType>(key: z.ZodString, value: V) {
  const { type, pattern, maxLength } = z.toJSONSchema(key, { target: 'draft-7', io: 'input' });
  const propertyNames = { type, ...(maxLength === undefined ? {} : { maxLength }), pattern };
  return z
    .record(z.string(), value)
    .superRefine(
      (entries, context) => {
        for (const name of Object.keys(entries)) {
          const { error } = key.safeParse(name);
          if (error === undefined) continue;
          context.addIssue({
            code: 'invalid_key',
            origin: 'record',
            issues: error.issues,
            input: name,
            path: [name],
          });
        }
      },
      { when: ({ value: read }) => typeof read === 'object' && read !== null && !Array.isArray(read) },
    )
    .meta({ propertyNames });
}

const patterns = scalar.oneOrMore(scalar.path);

const image = record({
  name: scalar.imageName.optional().describe("Last part of the image name; the unit's name unless written."),
  dockerfile: scalar.path.optional().describe("Path of the Dockerfile below the repository's root."),
  context: scalar.path.optional().describe('Build context below the repository\'s root; "." unless written.'),
  args: mapOf(scalar.variable, z.string()).optional().describe('Build arguments. Never secrets.'),
  target: scalar.text.optional().describe('Stage of the Dockerfile to build; the last unless written.'),
  platforms: scalar.oneOrMore(scalar.text).optional().describe('linux/amd64 unless written.'),
  pack: record({
    base: scalar.text.describe(
      'Base image, or "scratch"; may name build arguments as Dockerfiles do: `${NODE_BASE:-node:24-slim}`.',
    ),
    prepare: scalar.text.optional().describe('Shell command that is run in the context first.'),
    files: patterns.describe('Paths or globs below the context.'),
    workdir: scalar.absolute.optional().describe('Folder in the image; /app unless written.'),
    command: z.array(z.string()).min(1).describe('What the container runs.'),
    env: mapOf(scalar.variable, z.string()).optional().describe('Environment variables of the image.'),
    user: scalar.text.optional().describe('User or uid:gid that the container runs as.'),
  })
    .optional()
    .describe('An image without an engine: files laid on a base image by registry calls alone.'),
}).describe('How the image of the unit is built and named.');

const run = record({
  port: scalar.whole(1, 65535).optional().describe('Port that the container listens on.'),
  cpu: scalar.cpu.optional(),
  memory: scalar.memory.optional().describe('Memory of one instance, such as 512Mi.'),
  'min-instances': scalar.whole(0, 1000).optional().describe('Instances that are kept ready.'),
  'max-instances': scalar.whole(1, 1000).optional().describe('Instances at most.'),
  concurrency: scalar.whole(1, 1000).optional().describe('Requests that one instance serves at a time.'),
  timeout: scalar.duration.optional().describe('Longest time of one request, such as 300s.'),
  command: z.array(z.string()).min(1).optional().describe("Replaces the image's entry point."),
  args: z.array(z.string()).optional().describe("Replaces the image's command."),
  env: mapOf(scalar.variable, z.string()).optional().describe('Environment variables.'),
  secrets: mapOf(scalar.variable, scalar.secret)
    .optional()
    .describe('Environment variables that hold a secret, as name:version.'),
  'secret-files': mapOf(scalar.absolute, scalar.secret)
    .optional()
    .describe('Absolute file paths that hold a secret, as name:version.'),
  'service-account': scalar.text
    .optional()
    .describe('E-mail address of the identity that the service runs as.'),
  vpc: record({
    connector: scalar.text.describe('Name of the serverless VPC access connector.'),
    egress: z.enum(['private-ranges-only', 'all-traffic']).describe('What goes through the connector.'),
  })
    .optional()
    .describe('Network that the service reaches out through.'),
  ingress: z
    .enum(['all', 'internal', 'internal-and-load-balancer'])
    .optional()
    .describe('Where requests may come from.'),
  public: z.boolean().optional().describe('Whether anyone may call the service.'),
}).describe('Settings of the Cloud Run service. What is not written is left as it is.');

const rollout = record({
  steps: z
    .array(scalar.whole(1, 100))
    .min(1)
    .refine(risesTo100, { error: 'must rise from step to step and end with 100' })
    .describe('Percents of traffic, rising, the last 100.'),
  interval: scalar.duration.optional().describe('Time between two steps; 60s unless written.'),
}).describe('How traffic moves to a new revision.');

const health = record({
  path: scalar.absolute.optional().describe('/health unless written.'),
  contract: z
    .enum(['strict', 'status'])
    .optional()
    .describe('strict: status, service, version and connected dependencies in JSON; status: 2xx is enough.'),
  service: scalar.text
    .optional()
    .describe("Name in the health body; the unit's service name unless written."),
  dependencies: z.array(scalar.text).optional().describe('Dependencies that the body must name.'),
  attempts: scalar.whole(1, 1000).optional().describe('30 unless written.'),
  interval: scalar.duration.optional().describe('Time between two attempts; 5s unless written.'),
}).describe('How a candidate proves that it is healthy.');

const smoke = record({
  name: scalar.text.describe('Name of the check, for messages.'),
  method: z.enum(['GET', 'POST']).optional().describe('GET unless written; POST for a GraphQL query.'),
  path: scalar.absolute.optional().describe('/ unless written; /graphql for a GraphQL query.'),
  body: z.string().optional().describe('Body of the request.'),
  graphql: scalar.text.optional().describe('A query whose answer must have data and no errors.'),
  status: scalar.whole(100, 599).optional().describe('200 unless written.'),
  contains: scalar.text.optional().describe('Text that the body must contain.'),
}).describe('A request that the candidate must answer before it gets traffic.');

const migration = record({
  job: scalar.name.optional().describe('Name of the Cloud Run job; migrate-<unit> unless written.'),
  command: z.array(z.string()).min(1).describe('What the job runs, such as [alembic, upgrade, head].'),
  args: z.array(z.string()).optional().describe('Arguments of the command.'),
  paths: patterns.optional().describe("Paths whose change calls for a run; the unit's paths unless written."),
  timeout: scalar.duration.optional().describe('Time for the one attempt; 10m unless written.'),
  env: mapOf(scalar.variable, z.string()).optional().describe('Environment variables of the job.'),
  secrets: mapOf(scalar.variable, scalar.secret).optional().describe('Secrets of the job, as name:version.'),
}).describe('The database migration that runs before the unit is deployed.');

const subgraph = record({
  name: scalar.name.optional().describe("Name in the supergraph; the unit's name unless written."),
  schema: scalar.path.describe("SDL file below the repository's root."),
  'routing-url': scalar.url.optional().describe("The service's own URL with the path unless written."),
  path: scalar.absolute.optional().describe('/graphql unless written.'),
}).describe('The part of the supergraph that the unit serves.');

const unit = record({
  kind: z
    .enum(['service', 'worker', 'gateway', 'web', 'external'])
    .describe('What the unit is, and so how it is built, deployed and judged.'),
  service: scalar.name
    .optional()
    .describe("Cloud Run service without the suffix; the unit's name unless written."),
  paths: patterns.optional().describe('Globs of the files that make up the unit; "!" excludes.'),
  needs: z
    .union([scalar.name, z.array(scalar.name)])
    .optional()
    .describe('Names of shared sets and of other units whose change changes this unit too.'),
  image: image.optional(),
  run: run.optional(),
  health: health.optional(),
  smoke: z.array(smoke).optional().describe('Requests that the candidate must answer.'),
  migration: migration.optional(),
  subgraph: subgraph.optional(),
  rollout: rollout.optional(),
}).describe('Something that is built and deployed on its own.');

const places = {
  project: scalar.project.optional().describe('Google Cloud project.'),
  region: scalar.region.optional().describe('Region of Cloud Run.'),
  registry: scalar.registry
    .optional()
    .describe('Image prefix, such as us-central1-docker.pkg.dev/acme/services.'),
  'supergraph-bucket': scalar.bucket.optional().describe('Bucket that holds the composed supergraphs.'),
};

const environment = record({
  branches: scalar
    .oneOrMore(scalar.branch)
    .optional()
    .describe('Branches that deliver here; * and ** are wildcards.'),
  tags: scalar.oneOrMore(scalar.branch).optional().describe('Tags that deliver here, such as v*.'),
  ...places,
  suffix: scalar.suffix.optional().describe('Appended to every service and job name, such as -auto.'),
  protected: z.boolean().optional().describe('Whether a delivery waits for an approval on GitHub.'),
  rollout: rollout.optional(),
  run: run.optional().describe("Wins over the units' own settings; env and secrets are merged."),
}).describe('Somewhere that units are delivered to.');

/** The file as people write it: keys in kebab-case, defaults not filled in. */
export const writtenManifest = record({
  ...places,
  environments: mapOf(scalar.name, environment).describe('Name of an environment to what it is.'),
  shared: mapOf(scalar.name, patterns)
    .optional()
    .describe('Named sets of paths that units depend on, such as src/shared/**.'),
  units: mapOf(scalar.name, unit).describe('Name of a unit to what it is.'),
  policy: record({
    'require-non-root': z.boolean().optional().describe('Whether an image that runs as root is refused.'),
  })
    .optional()
    .describe('Rules that every delivery keeps.'),
}).meta({
  title: 'Fairlead manifest',
  description: 'What a repository delivers to Cloud Run, and where to.',
});

export type WrittenManifest = z.output<typeof writtenManifest>;
export type WrittenEnvironment = z.output<typeof environment>;
export type WrittenUnit = z.output<typeof unit>;
export type WrittenRun = z.output<typeof run>;
export type WrittenImage = z.output<typeof image>;
export type WrittenRollout = z.output<typeof rollout>;
export type WrittenHealth = z.output<typeof health>;
export type WrittenSmoke = z.output<typeof smoke>;
export type WrittenMigration = z.output<typeof migration>;
export type WrittenSubgraph = z.output<typeof subgraph>;

function risesTo100(steps: readonly number[]): boolean {
  return steps.at(-1) === 100 && steps.every((step, index) => index === 0 || step > (steps[index - 1] ?? 0));
}
