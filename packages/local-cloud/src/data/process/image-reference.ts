/** `host[:port]/path[:tag][@digest]`, taken apart. */
export interface ImageReference {
  readonly registry: string;
  readonly repository: string;
  /** The digest if there is one, otherwise the tag, otherwise `latest`. */
  readonly reference: string;
}

const form = /^([^/@]+)\/([^:@]+)(?::([\w][\w.-]{0,127}))?(?:@(sha256:[0-9a-f]{64}))?$/;

/** Undefined when the text names no registry or is no image at all. */
export function readImageReference(image: string): ImageReference | undefined {
  const [, registry, repository, tag, digest] = form.exec(image) ?? [];
  if (registry === undefined || repository === undefined) return undefined;
  return { registry, repository, reference: digest ?? tag ?? 'latest' };
}
