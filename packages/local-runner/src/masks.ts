/** Values that nothing logged may show. */
export interface Masks {
  /** Hides a value from now on, and each line of it on its own. */
  readonly add: (secret: string) => void;
  readonly hide: (text: string) => string;
  readonly hidesIn: (text: string) => boolean;
}

/** Masks as the runner's: plain matches, the longest first, `***` in their place. Encoded forms are not recognised. */
export function createMasks(): Masks {
  const secrets = new Set<string>();
  const add = (secret: string) => {
    for (const value of [secret, ...secret.split(/\r?\n/)]) {
      if (value.trim() !== '') secrets.add(value);
    }
  };
  const hide = (text: string) =>
    [...secrets]
      .sort((one, other) => other.length - one.length)
      .reduce((hidden, secret) => hidden.replaceAll(secret, '***'), text);
  return { add, hide, hidesIn: (text) => hide(text) !== text };
}
