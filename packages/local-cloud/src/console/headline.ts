import { servicePath } from './addresses.ts';
import type { ServiceFacts } from './facts/service-facts.ts';
import type { State } from './facts/state.ts';
import { clockTime, shortDigests } from './words.ts';

/** One thing that a person must know first. */
export interface Notice {
  readonly tone: State['tone'];
  readonly text: string;
  /** Where to look further. */
  readonly path: string;
}

/**
 * What comes first, worst first: revisions that answer with errors and since when, services that are not ready, what is under way, and last
 * whether requests arrive. The words hold no counts, so that they change only when the state does.
 */
export function headline(services: readonly ServiceFacts[]): readonly Notice[] {
  return [
    ...services.flatMap(erring),
    ...services.filter(({ state }) => state.tone === 'bad').map(notReady),
    ...services.filter(({ state }) => state.tone === 'busy').map(updating),
    ...arriving(services),
  ];
}

function erring({ id, revisions }: ServiceFacts): readonly Notice[] {
  return revisions.flatMap(({ name, erring: spell }) =>
    spell === undefined
      ? []
      : [
          {
            tone: 'bad' as const,
            text: `${name} answers with errors since ${clockTime(spell.sinceMs)}`,
            path: servicePath(id, name),
          },
        ],
  );
}

/** Leads to the log of the newest revision that did not start, if that is why. */
function notReady({ id, name, message, revisions }: ServiceFacts): Notice {
  const failed = revisions.find((revision) => message?.includes(revision.name));
  return {
    tone: 'bad',
    text: `${name} is not ready${message === undefined ? '' : `: ${shortDigests(message)}`}`,
    path: servicePath(id, failed?.name),
  };
}

function updating({ id, name, revisions }: ServiceFacts): Notice {
  const starting = revisions.find(({ state }) => state.word === 'Starting');
  const what = starting === undefined ? '' : `: ${starting.name} is starting`;
  return { tone: 'busy', text: `${name} is updating${what}`, path: servicePath(id) };
}

function arriving(services: readonly ServiceFacts[]): readonly Notice[] {
  if (services.length === 0) return [];
  const [first, ...others] = services.filter(({ revisions }) =>
    revisions.some(({ lastMinute }) => lastMinute.requests > 0),
  );
  if (first === undefined)
    return [{ tone: 'quiet', text: 'No request in the last minute', path: pathOf(services) }];
  const names = [first, ...others].slice(0, MOST_NAMES).map(({ name }) => name);
  const rest = others.length < MOST_NAMES ? '' : ' and others';
  return [
    {
      tone: 'good',
      text: `Requests arrive at ${names.join(', ')}${rest}`,
      path: pathOf([first, ...others]),
    },
  ];
}

const MOST_NAMES = 3;

/** The page of a single service; of several, the place where they are listed. */
function pathOf([first, ...others]: readonly ServiceFacts[]): string {
  return first === undefined || others.length > 0 ? '#services' : servicePath(first.id);
}
