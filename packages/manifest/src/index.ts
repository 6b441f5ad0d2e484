export { deploymentOf, DeploymentError, environmentNamed, type Overrides } from './deployment-of.ts';
export { environmentFor } from './environment-for.ts';
export { manifestJsonSchema } from './json-schema.ts';
export type {
  DeployedUnit,
  Deployment,
  Environment,
  HealthCheck,
  Image,
  Manifest,
  Migration,
  Pack,
  Policy,
  Rollout,
  RunSettings,
  SharedSet,
  SmokeCheck,
  Subgraph,
  Unit,
  UnitKind,
} from './manifest.ts';
export { formatError, type ManifestError } from './manifest-error.ts';
export { parseManifest, type ParsedManifest } from './parse-manifest.ts';
export { didYouMean } from './suggestion.ts';
