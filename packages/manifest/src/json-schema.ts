import * as z from 'zod';

import { writtenManifest } from './shape.ts';

/** The JSON Schema (draft 7, which editors know best) of `fairlead.yaml`. Relations between entries are not in it. */
export function manifestJsonSchema(): Readonly<Record<string, unknown>> {
  return { ...z.toJSONSchema(writtenManifest, { target: 'draft-7', io: 'input' }) };
}
