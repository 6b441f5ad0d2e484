import { numberIn, objectIn, textIn, type Wire } from './wire.ts';

/** A long-running operation. */
export interface Operation {
  /** `projects/P/locations/R/operations/UUID`. */
  readonly name: string;
  readonly done: boolean;
  readonly error?: { readonly code: number; readonly message: string };
  readonly response?: Wire;
  /** The resource as it was when the operation began. */
  readonly metadata: Wire;
}

export function operationOf(wire: Wire): Operation {
  const error = objectIn(wire, 'error');
  return {
    name: textIn(wire, 'name') ?? '',
    done: wire['done'] === true,
    metadata: objectIn(wire, 'metadata'),
    ...('code' in error
      ? { error: { code: numberIn(error, 'code'), message: textIn(error, 'message') ?? 'no message' } }
      : {}),
    ...('response' in wire ? { response: objectIn(wire, 'response') } : {}),
  };
}
