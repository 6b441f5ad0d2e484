import { randomBytes, timingSafeEqual } from 'node:crypto';

/**
 * Proves that a form came from a page of this console: only who can read its pages knows it, and the server shows them to nobody but its own origin.
 * Another with every start.
 */
export interface FormToken {
  readonly value: string;
  readonly isGood: (given: string | undefined) => boolean;
}

export function formToken(): FormToken {
  const value = randomBytes(24).toString('base64url');
  return {
    value,
    isGood: (given) => {
      const bytes = Buffer.from(given ?? '');
      return bytes.length === value.length && timingSafeEqual(bytes, Buffer.from(value));
    },
  };
}
