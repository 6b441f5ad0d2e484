import { badField, isRecord } from '../messages/index.ts';
import { FilterError } from './filter.ts';
import { matches } from './match-filter.ts';
import { parseFilter } from './parse-filter.ts';

/** Whether an answered resource fits the filter of its list method; text that names no field is looked for in all of them. */
export function viewFilter(text = ''): (view: object) => boolean {
  return inWordsOf('filter', () => {
    const filter = parseFilter(text);
    return (view) =>
      inWordsOf('filter', () =>
        matches(filter, {
          read: (path) =>
            path.reduce<unknown>((value, key) => (isRecord(value) ? value[key] : undefined), view),
          everything: view,
        }),
      );
  });
}

function inWordsOf<T>(field: string, read: () => T): T {
  try {
    return read();
  } catch (thrown) {
    if (thrown instanceof FilterError) throw badField(field, `Invalid filter: ${thrown.message}`);
    throw thrown;
  }
}
