import { RE2JS } from 're2js';

import { FilterError } from './filter.ts';

/** Of the filters of late: each is held against thousands of entries, and by somebody who looks again every few seconds. */
const compiled = new Map<string, RE2JS>();
const MOST = 100;

/** A regular expression as Google has them in filters: RE2, whose time is linear in the text, so that none holds up the cloud. Throws a FilterError for what is none. */
export function regex(source: string): RE2JS {
  const known = compiled.get(source);
  if (known !== undefined) return known;
  const made = read(source);
  const [oldest = ''] = compiled.keys();
  if (compiled.size >= MOST) compiled.delete(oldest);
  compiled.set(source, made);
  return made;
}

function read(source: string): RE2JS {
  try {
    return RE2JS.compile(source);
  } catch (thrown) {
    throw new FilterError(`"${source}" is no regular expression`, { cause: thrown });
  }
}
