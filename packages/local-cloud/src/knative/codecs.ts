import { CloudError } from '../control/cloud-error.ts';
import type { Codec } from './mapping.ts';

/** `true` in an annotation; what is false is not said. */
export const flag: Codec = {
  toV1: (value) => (value === true ? 'true' : undefined),
  toV2: (text) => (isSaid(text, true) ? true : undefined),
};

/** Whether an annotation says so; gcloud writes some of them as Python does, `False`. */
export function isSaid(text: unknown, value: boolean): boolean {
  return typeof text === 'string' && text.toLowerCase() === String(value);
}

export const wholeNumber: Codec = {
  toV1: String,
  toV2: (text) => {
    if (typeof text === 'string' && /^\d{1,9}$/.test(text)) return Number(text);
    throw malformed('a whole number', text);
  },
};

/** Seconds as v1 counts them, a duration as v2 writes it. */
export const seconds: Codec = {
  toV1: (duration) => Number(String(duration).slice(0, -1)),
  toV2: (count) => `${Number(count)}s`,
};

/** An int64 of seconds, which JSON writes as text. */
export const longSeconds: Codec = {
  toV1: (duration) => String(duration).slice(0, -1),
  toV2: (count) => `${Number(count)}s`,
};

export const hours: Codec = {
  toV1: (duration) => String(Number(String(duration).slice(0, -1)) / 3600),
  toV2: (text) => `${Number(wholeNumber.toV2(text)) * 3600}s`,
};

export const commaList: Codec = {
  toV1: (items) => (items as readonly string[]).join(','),
  toV2: (text) =>
    String(text)
      .split(',')
      .map((item) => item.trim())
      .filter((item) => item !== ''),
};

/** A value that v1 writes as JSON within an annotation. */
export const jsonText: Codec = {
  toV1: (value) => JSON.stringify(value),
  toV2: (text) => {
    try {
      return JSON.parse(String(text)) as unknown;
    } catch {
      throw malformed('JSON', text);
    }
  },
};

/** The words of v1 for the enum values of v2; a value without a word is not said. */
export function choice(words: Readonly<Record<string, string>>): Codec {
  const byValue = new Map(Object.entries(words).map(([word, value]) => [value, word]));
  return {
    toV1: (value) => byValue.get(String(value)),
    toV2: (word) => {
      const known = new Map(Object.entries(words)).get(String(word));
      if (known !== undefined) return known;
      throw malformed(`one of ${Object.keys(words).join(', ')}`, word);
    },
  };
}

function malformed(expected: string, got: unknown): CloudError {
  return new CloudError('INVALID_ARGUMENT', `an annotation must be ${expected}, got ${JSON.stringify(got)}`);
}
