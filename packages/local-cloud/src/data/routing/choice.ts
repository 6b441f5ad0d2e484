import type { Caller, Refusal } from '../requests/caller.ts';
import type { Revision } from '../revisions/revision.ts';
import type { Destination } from './destination.ts';

/** Where one request goes, or what it is told instead. */
export type Choice = ({ readonly kind: 'revision' } & Destination) | Refused;

export interface Refused {
  readonly kind: 'refused';
  readonly refusal: Refusal;
  /** In whose name the log of requests has it; absent where the request led to no revision. */
  readonly revision?: Revision | undefined;
}

export type Choose = (caller: Caller) => Choice;

/** What an address answers that leads nowhere. */
export const nothingHere: Choice = {
  kind: 'refused',
  refusal: { status: 404, body: 'Page not found: no revision has traffic at this address' },
};
