/** What an answer says, by path: the JSON type, and the value where it does not differ from run to run. */
export type Facts = ReadonlyMap<string, string>;

/**
 * Every path of a message down to its leaves, objects and lists included. Conditions go by their type, other lists by position. `blank` takes
 * out of a text what names one project or run.
 */
export function factsOf(status: number, message: unknown, blank: (text: string) => string): Facts {
  return new Map([['status', String(status)], ...walk('', message, blank)]);
}

type Entry = readonly [path: string, fact: string];

function walk(path: string, value: unknown, blank: (text: string) => string): readonly Entry[] {
  if (Array.isArray(value))
    return [
      [path, 'list'],
      ...value.flatMap((item: unknown, index) => walk(`${path}[${keyOf(item, index)}]`, item, blank)),
    ];
  if (typeof value === 'object' && value !== null)
    return [
      ...(path === '' ? [] : ([[path, 'object']] as const)),
      ...Object.entries(value).flatMap(([key, inner]) =>
        walk(path === '' ? key : `${path}.${key}`, inner, blank),
      ),
    ];
  return [[path, `${typeof value} ${normal(path, value, blank)}`.trim()]];
}

function keyOf(item: unknown, index: number): string {
  const isCondition = typeof item === 'object' && item !== null && 'state' in item && 'type' in item;
  return isCondition ? String(item.type) : String(index);
}

// Made anew in each run, or blanked by those who recorded.
const VARYING = /(?:^|\.)(?:uid|etag|generation|observedGeneration|creator|lastModifier)$|Time$/;

function normal(path: string, value: unknown, blank: (text: string) => string): string {
  if (VARYING.test(path)) return '';
  return typeof value === 'string' ? blank(value) : JSON.stringify(value);
}
