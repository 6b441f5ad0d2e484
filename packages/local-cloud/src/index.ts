export { createService, getService, listServices, updateService } from './control/services/services.ts';
export { createWorld, type World } from './control/world.ts';
export type { Containers } from './create-data-plane.ts';
export type { LoggedCall } from './http/call-log.ts';
export type { Limits } from './control/limits.ts';
export type { ActiveFault, Fault } from './http/faults.ts';
export { type LocalCloud, type LocalCloudOptions, startLocalCloud } from './local-cloud.ts';
export {
  type Answered,
  type Credentials,
  type RegistryOptions,
  type RunningRegistry,
  startRegistry,
} from './registry/index.ts';
export { simulateDataPlane } from './simulate-data-plane.ts';
