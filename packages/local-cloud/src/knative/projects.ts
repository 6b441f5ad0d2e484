import { placeOf, projectNumber } from '../control/names.ts';
import type { World } from '../control/world.ts';

/** Project ids by their numbers, as v1 names a project by either. */
export interface Projects {
  /** The id of the project that the text names; a number that nobody has been seen to own stands for itself. */
  readonly idOf: (text: string) => string;
}

export function projectsOf({ services, jobs }: World): Projects {
  const ids = new Map<string, string>();
  const remember = (id: string) => ids.set(projectNumber(id), id);
  const find = (number: string) => {
    for (const name of [...services.keys(), ...jobs.keys()]) remember(placeOf(name).project);
    return ids.get(number);
  };
  return {
    idOf: (text) => {
      if (/^\d+$/.test(text)) return ids.get(text) ?? find(text) ?? text;
      remember(text);
      return text;
    },
  };
}
