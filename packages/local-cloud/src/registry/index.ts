export type { Credentials } from './authentication.ts';
export type { PushPolicy, Registry } from './exchange.ts';
export { manifestBody } from './manifest-body.ts';
export { RegistryError } from './registry-error.ts';
export {
  type Answered,
  type RegistryOptions,
  type RunningRegistry,
  serveRegistry,
  startRegistry,
} from './start-registry.ts';
export type { Store } from './store.ts';
