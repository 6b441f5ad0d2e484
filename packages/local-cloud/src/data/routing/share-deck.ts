import type { Revision } from '../revisions/revision.ts';
import type { RouteTable } from './routes.ts';

/**
 * Draws the revision for one request after the other as from a shuffled deck of a hundred cards: which comes next is by chance, but of every hundred
 * requests each revision gets its percent exactly. So a split can be measured over few requests. Undefined when nothing has a share.
 */
export function shareDeck({ shares }: RouteTable, random: () => number): () => Revision | undefined {
  const cards = shares.flatMap(({ revision, percent }) => Array.from({ length: percent }, () => revision));
  let drawn = 0;
  return () => {
    if (drawn === cards.length) drawn = 0;
    const chosen = drawn + Math.floor(random() * (cards.length - drawn));
    const card = cards[chosen];
    const other = cards[drawn];
    if (card === undefined || other === undefined) return undefined;
    cards[chosen] = other;
    cards[drawn] = card;
    drawn += 1;
    return card;
  };
}
