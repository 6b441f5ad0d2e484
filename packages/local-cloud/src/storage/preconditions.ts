import { StorageError } from './storage-error.ts';

/** Conditions on the live object, 0 standing for "there is none". */
export interface Preconditions {
  readonly ifGenerationMatch?: number;
  readonly ifGenerationNotMatch?: number;
  readonly ifMetagenerationMatch?: number;
  readonly ifMetagenerationNotMatch?: number;
}

/** Throws 412 unless all that is given holds. */
export function checkConditions(
  object: { readonly generation: number; readonly metageneration: number } | undefined,
  conditions: Preconditions,
): void {
  const { ifGenerationMatch, ifGenerationNotMatch, ifMetagenerationMatch, ifMetagenerationNotMatch } =
    conditions;
  const generation = object?.generation ?? 0;
  const holds =
    (ifGenerationMatch === undefined || ifGenerationMatch === generation) &&
    (ifGenerationNotMatch === undefined || ifGenerationNotMatch !== generation) &&
    (ifMetagenerationMatch === undefined || ifMetagenerationMatch === object?.metageneration) &&
    (ifMetagenerationNotMatch === undefined || ifMetagenerationNotMatch !== object?.metageneration);
  if (!holds) throw conditionNotMet();
}

export function conditionNotMet(): StorageError {
  return new StorageError(412, 'conditionNotMet', {
    message: 'At least one of the pre-conditions you specified did not hold.',
    location: { locationType: 'header', location: 'If-Match' },
  });
}
