export type { BlobContent, Pushed } from './blob-calls.ts';
export { buildImage, type BuiltImage } from './build-image.ts';
export type { BuildRequest, BuildTools } from './build-request.ts';
export { type Credentials, type CredentialsFor, credentialsFrom } from './credentials.ts';
export { describeImage, type DescribedImage } from './describe-image.ts';
export { type Descriptor, parseManifestBytes, type ParsedManifest } from './manifest.ts';
export type { ManifestBytes, NewManifest, Resolved } from './manifest-calls.ts';
export { registryClient, type RegistryClient, type RegistryClientOptions } from './registry-client.ts';
export { isGoogleRegistry, RegistryFailure } from './registry-failure.ts';
