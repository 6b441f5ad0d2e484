export type { Credentials } from './authentication.ts';
export {
  type Answered,
  type Fault,
  type RegistryOptions,
  type Requested,
  type RunningRegistry,
  startRegistry,
} from './start-registry.ts';
