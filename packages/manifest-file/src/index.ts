export {
  type DeploymentInputs,
  parseDeploymentInputs,
  readDeployment,
  resolveDeployment,
  type SelectedDeployment,
} from './read-deployment.ts';
export { loadManifest } from './load-manifest.ts';
