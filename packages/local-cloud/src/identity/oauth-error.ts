/** A refusal of the Security Token Service, whose errors are OAuth's and not those of Google's other APIs. */
export class OauthError extends Error {
  readonly http: number;
  readonly code: string;

  constructor(
    code: 'invalid_request' | 'invalid_grant' | 'invalid_target' | 'unauthorized_client',
    message: string,
  ) {
    super(message);
    this.name = 'OauthError';
    this.code = code;
    this.http = code === 'unauthorized_client' ? 403 : 400;
  }
}
