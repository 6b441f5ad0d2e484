/** What a registry asks for, from `WWW-Authenticate`. */
export type Challenge =
  | { readonly kind: 'basic' }
  | {
      readonly kind: 'bearer';
      /** Where tokens are given out. */
      readonly realm: string;
      readonly service?: string;
      readonly scope?: string;
    };

/** The challenge in a header; undefined when it is of another kind. */
export function challengeOf(header: string): Challenge | undefined {
  const [, scheme = '', rest = ''] = /^\s*(\w+)\s*(.*)$/s.exec(header) ?? [];
  if (scheme.toLowerCase() === 'basic') return { kind: 'basic' };
  if (scheme.toLowerCase() !== 'bearer') return undefined;
  const pairs = [...rest.matchAll(/(\w+)="([^"]*)"/g)].map(([, key = '', value = '']) => [
    key.toLowerCase(),
    value,
  ]);
  const { realm, service, scope } = Object.fromEntries(pairs) as Readonly<Record<string, string | undefined>>;
  if (realm === undefined || !URL.canParse(realm)) return undefined;
  return { kind: 'bearer', realm, ...(service && { service }), ...(scope && { scope }) };
}
