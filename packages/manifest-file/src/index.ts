export {
  checkUnitNames,
  type DeploymentInputs,
  nameList,
  parseDeploymentInputs,
  readDeployment,
  resolveDeployment,
  resolveEnvironment,
  selectUnits,
  type SelectedDeployment,
} from './read-deployment.ts';
export { loadManifest } from './load-manifest.ts';
