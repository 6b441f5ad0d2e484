export type { Credentials } from './authentication.ts';
export {
  type Answered,
  type RegistryOptions,
  type RunningRegistry,
  startRegistry,
} from './start-registry.ts';
