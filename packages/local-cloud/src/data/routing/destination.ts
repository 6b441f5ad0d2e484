import type { Revision } from '../revisions/revision.ts';

/** The revision for a request, and the instance of it that the client has been at before. */
export interface Destination {
  readonly revision: Revision;
  readonly preferred?: string | undefined;
  /** Whether a token let the request in: the container gets it without its signature. */
  readonly isPrivate?: boolean;
}
