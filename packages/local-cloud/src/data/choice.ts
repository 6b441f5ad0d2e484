import type { Caller, Refusal } from './caller.ts';
import type { Destination } from './destination.ts';

/** Where one request goes, or what it is told instead. */
export type Choice =
  ({ readonly kind: 'revision' } & Destination) | { readonly kind: 'refused'; readonly refusal: Refusal };

export type Choose = (caller: Caller) => Choice;

/** What an address answers that leads nowhere. */
export const nothingHere: Choice = {
  kind: 'refused',
  refusal: { status: 404, body: 'Page not found: no revision has traffic at this address' },
};
