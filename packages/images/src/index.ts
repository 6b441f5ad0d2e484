export { artifactRegistryPath, type ArtifactRegistryPath, type Place } from './artifact-registry.ts';
export { contentKey, type PackedContent } from './content-key.ts';
export { credentialRule, type CredentialRule } from './credential-file.ts';
export { type DockerIgnore, dockerIgnore } from './docker-ignore.ts';
export { isDigest, isRegistryHost, isRepositoryName, isTag } from './grammar.ts';
export { ImageError, type ImageErrorCode } from './image-error.ts';
export { formatReference, type ImageReference, isLoopbackRegistry, parseReference } from './reference.ts';
export { branchSlug, checkTag, tagFor, type TagSource } from './tag.ts';
