import type { Event } from './event.ts';
import type { DetectInputs } from './inputs.ts';

/** What the units are compared with unless `bases` says otherwise. */
export type Base =
  /** Doubt about it counts as a change of everything. */
  | { readonly kind: 'commit'; readonly revision: string }
  /** Named by a person: doubt about it is a mistake to be told. */
  | { readonly kind: 'named'; readonly revision: string }
  /** The point where `head` left the branch that `revision` is on. */
  | { readonly kind: 'fork'; readonly revision: string }
  | { readonly kind: 'everything'; readonly because: string };

export function chooseBase(
  { base, eventName }: Pick<DetectInputs, 'base' | 'eventName'>,
  event: Event,
): Base {
  switch (base.kind) {
    case 'all':
      return { kind: 'everything', because: 'everything was asked for' };
    case 'serving':
      return { kind: 'everything', because: 'the serving commit is not known' };
    case 'revision':
      return { kind: 'named', revision: base.revision };
    case 'auto':
      return baseOfEvent(eventName, event);
  }
}

function baseOfEvent(eventName: string, { before, pullRequest, groupBase }: Event): Base {
  if (pullRequest !== undefined) return { kind: 'fork', revision: pullRequest.baseCommit };
  if (groupBase !== undefined) return { kind: 'fork', revision: groupBase };
  if (eventName === 'push' && before !== undefined) return { kind: 'commit', revision: before };
  return {
    kind: 'everything',
    because: `${eventName === '' ? 'this run' : eventName} names no commit to compare with`,
  };
}
