import { badField } from '../messages/index.ts';

/** INVALID_ARGUMENT as Cloud Monitoring words it. */
export function invalidField(field: string, value: string, why: string): ReturnType<typeof badField> {
  return badField(field, `Field ${field} had an invalid value of "${value}": ${why}`);
}
