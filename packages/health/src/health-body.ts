/** The health contract's body as far as it could be read. */
export interface HealthBody {
  readonly isObject: boolean;
  /** A non-empty text under this key. */
  readonly text: (key: string) => string | undefined;
  /** Name and state of each dependency; absent when the body does not carry an object of them. */
  readonly dependencies: readonly (readonly [string, unknown])[] | undefined;
}

export function readBody(text: string): HealthBody {
  const body = objectOf(parsed(text));
  const dependencies = objectOf(body?.['dependencies']);
  return {
    isObject: body !== undefined,
    text: (key) => {
      const value = body?.[key];
      return typeof value === 'string' && value !== '' ? value : undefined;
    },
    dependencies: dependencies === undefined ? undefined : Object.entries(dependencies),
  };
}

/** JSON, or undefined when the text is not JSON. */
export function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

export function objectOf(value: unknown): Readonly<Record<string, unknown>> | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : undefined;
}
