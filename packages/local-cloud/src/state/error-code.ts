/** The code of a system error such as `ENOENT`; undefined for anything else. */
export function errorCode(thrown: unknown): unknown {
  return typeof thrown === 'object' && thrown !== null && 'code' in thrown ? thrown.code : undefined;
}
