export type { BlobContent, Pushed } from './blob-calls.ts';
export { type Credentials, type CredentialsFor, credentialsFrom } from './credentials.ts';
export type { ManifestBytes, NewManifest, Resolved } from './manifest-calls.ts';
export { registryClient, type RegistryClient, type RegistryClientOptions } from './registry-client.ts';
export { isGoogleRegistry, RegistryFailure } from './registry-failure.ts';
