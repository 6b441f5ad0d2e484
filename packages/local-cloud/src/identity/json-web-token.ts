import { createPublicKey, type KeyObject, sign, verify } from 'node:crypto';

import { isRecord, type Message } from '../messages/index.ts';

export interface JsonWebToken {
  readonly header: Message;
  readonly claims: Message;
  readonly signed: string;
  readonly signature: Buffer;
}

/** Undefined for what is no JSON Web Token. */
export function readToken(text: string): JsonWebToken | undefined {
  const [header = '', claims = '', signature = '', ...rest] = text.split('.');
  const [headerJson, claimsJson] = [decoded(header), decoded(claims)];
  if (headerJson === undefined || claimsJson === undefined || signature === '' || rest.length > 0)
    return undefined;
  return {
    header: headerJson,
    claims: claimsJson,
    signed: `${header}.${claims}`,
    signature: Buffer.from(signature, 'base64url'),
  };
}

/** Whether one of the keys has signed it, by RS256: the only algorithm that is taken. */
export function isSignedBy({ header, signed, signature }: JsonWebToken, keys: readonly Message[]): boolean {
  if (header['alg'] !== 'RS256') return false;
  const fitting = keys.filter(
    ({ kid, kty }) => kty === 'RSA' && (header['kid'] === undefined || kid === header['kid']),
  );
  return fitting.some((key) => {
    try {
      const publicKey = createPublicKey({ key: key, format: 'jwk' });
      return verify('RSA-SHA256', Buffer.from(signed), publicKey, signature);
    } catch {
      // A key that cannot be read has signed nothing.
      return false;
    }
  });
}

export function signedToken(
  claims: object,
  { kid, key }: { readonly kid: string; readonly key: KeyObject },
): string {
  const content = [{ alg: 'RS256', typ: 'JWT', kid }, claims]
    .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
    .join('.');
  return `${content}.${sign('RSA-SHA256', Buffer.from(content), key).toString('base64url')}`;
}

function decoded(part: string): Message | undefined {
  try {
    const json: unknown = JSON.parse(Buffer.from(part, 'base64url').toString('utf8'));
    return isRecord(json) ? json : undefined;
  } catch {
    return undefined;
  }
}
