import type { MicroClock } from '../control/time.ts';
import type { Message } from '../messages/index.ts';

/** An occurrence as it was stored, by its name `projects/P/occurrences/ID` or `projects/P/locations/L/occurrences/ID`. */
export interface Occurrence {
  readonly name: string;
  readonly createMicros: number;
  readonly updateMicros: number;
  /** Fields of grafeas.v1.Occurrence without name and times. */
  readonly fields: Message;
}

/** What is known about images. The local cloud scans nothing: all of it has been put here. */
export interface Occurrences {
  readonly add: (parent: string, id: string, fields: Message) => Occurrence;
  readonly find: (name: string) => Occurrence | undefined;
  readonly replace: (name: string, fields: Message) => Occurrence | undefined;
  readonly remove: (name: string) => boolean;
  /** Of a project or a location, newest first. */
  readonly under: (parent: string) => readonly Occurrence[];
  readonly clear: () => void;
}

export function occurrencesOf(now: MicroClock, kept = new Map<string, Occurrence>()): Occurrences {
  return {
    add: (parent, id, fields) => {
      const micros = now();
      const occurrence = {
        name: `${parent}/occurrences/${id}`,
        createMicros: micros,
        updateMicros: micros,
        fields,
      };
      kept.set(occurrence.name, occurrence);
      return occurrence;
    },
    find: (name) => kept.get(name),
    replace: (name, fields) => {
      const before = kept.get(name);
      if (before === undefined) return undefined;
      const after = { ...before, fields, updateMicros: now() };
      kept.set(name, after);
      return after;
    },
    remove: (name) => kept.delete(name),
    under: (parent) =>
      [...kept.values()].filter(({ name }) => name.startsWith(`${parent}/occurrences/`)).reverse(),
    clear: () => {
      kept.clear();
    },
  };
}
