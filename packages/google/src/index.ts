export {
  type GoogleAnswer,
  googleClient,
  type GoogleClient,
  type GoogleClientOptions,
  type GoogleRequest,
} from './client.ts';
export { type Api, type Endpoint, endpointOf, isLoopbackHost } from './endpoint.ts';
export { GoogleError, isConflict, isNotFound, isOutcomeUnknown, isTransient } from './google-error.ts';
