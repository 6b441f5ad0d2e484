/** The codes of the distribution specification, 1.1, and what Docker's own registry says besides. */
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
  | 'UNAVAILABLE'
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

const NO_ROOM = ['ENOSPC', 'EDQUOT', 'EFBIG'];

/** What is answered for something thrown: a refusal as it is, a full disk as what passes, and all else as a defect. */
export function refusalFor(thrown: unknown): RegistryError {
  if (thrown instanceof RegistryError) return thrown;
  const { code, message = String(thrown) } = thrown as Partial<NodeJS.ErrnoException>;
  return NO_ROOM.includes(code ?? '')
    ? new RegistryError({
        status: 503,
        code: 'UNAVAILABLE',
        message: `the registry cannot keep this, as its disk is full: ${message}`,
      })
    : new RegistryError({ status: 500, code: 'UNKNOWN', message: String(thrown) });
}

/** The body of a refusal. */
export function errorBody({ code, message }: Pick<RegistryError, 'code' | 'message'>): string {
  return JSON.stringify({ errors: [{ code, message, detail: {} }] });
}
