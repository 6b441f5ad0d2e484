const COMPONENT = '[a-z0-9]+(?:(?:\\.|_|__|-+)[a-z0-9]+)*';
const REPOSITORY = new RegExp(`^${COMPONENT}(?:/${COMPONENT})*$`);
const REGISTRY =
  /^(?:[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?(?:\.[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?)*|\[[0-9a-fA-F:]+\])(?::\d{1,5})?$/;
const TAG = /^[A-Za-z0-9_][A-Za-z0-9._-]{0,127}$/;
const DIGEST = /^(?:sha256:[0-9a-f]{64}|sha512:[0-9a-f]{128})$/;

/** The longest tag that a registry takes. */
export const TAG_LIMIT = 128;

/** Whether the text is a repository's name below a registry, by the grammar of the distribution specification. */
export function isRepositoryName(text: string): boolean {
  return text.length <= 255 && REPOSITORY.test(text);
}

/** Whether the text is a registry's host, with or without a port. */
export function isRegistryHost(text: string): boolean {
  return REGISTRY.test(text);
}

export function isTag(text: string): boolean {
  return TAG.test(text);
}

/** Whether the text is a digest of an algorithm that registries must or may know: sha256 and sha512. */
export function isDigest(text: string): boolean {
  return DIGEST.test(text);
}
