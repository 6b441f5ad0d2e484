/** The codes of the distribution specification, 1.1. */
export type RegistryErrorCode =
  | 'BLOB_UNKNOWN'
  | 'BLOB_UPLOAD_INVALID'
  | 'BLOB_UPLOAD_UNKNOWN'
  | 'DENIED'
  | 'DIGEST_INVALID'
  | 'MANIFEST_BLOB_UNKNOWN'
  | 'MANIFEST_INVALID'
  | 'MANIFEST_UNKNOWN'
  | 'NAME_INVALID'
  | 'NAME_UNKNOWN'
  | 'SIZE_INVALID'
  | 'TOOMANYREQUESTS'
  | 'UNAUTHORIZED'
  | 'UNKNOWN'
  | 'UNSUPPORTED';

/** A refusal as a registry words it. */
export class RegistryError extends Error {
  override readonly name = 'RegistryError';
  readonly status: number;
  readonly code: RegistryErrorCode;
  readonly headers: Readonly<Record<string, string>>;

  constructor(
    refusal: { readonly status: number; readonly code: RegistryErrorCode; readonly message: string },
    headers: Readonly<Record<string, string>> = {},
  ) {
    super(refusal.message);
    this.status = refusal.status;
    this.code = refusal.code;
    this.headers = headers;
  }
}

/** The body of a refusal. */
export function errorBody({ code, message }: Pick<RegistryError, 'code' | 'message'>): string {
  return JSON.stringify({ errors: [{ code, message, detail: {} }] });
}
