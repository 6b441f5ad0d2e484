export { isDigest, isRegistryHost, isRepositoryName, isTag, TAG_LIMIT } from './grammar.ts';
export { ImageError, type ImageErrorCode } from './image-error.ts';
