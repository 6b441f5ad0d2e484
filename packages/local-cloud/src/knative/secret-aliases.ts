import { at, listOf, type Message, messageOf, put, textOf } from './mapping.ts';
import { mapContainers } from './container.ts';

/** In v1 a secret of another project is named by an alias that this annotation of the template explains. */
export const SECRETS = 'run.googleapis.com/secrets';

/** Puts the names that aliases stand for in their place; `spec` is of v1 and so is the result. */
export function withoutAliases(spec: Message, annotation: unknown): Message {
  const names = new Map(
    textOf(annotation)
      .split(',')
      .map((entry): [string, string] => {
        const [alias = '', ...name] = entry.trim().split(':');
        return [alias, name.join(':')];
      }),
  );
  return renamed(spec, (secret) => names.get(secret) ?? secret);
}

/** Puts aliases in the place of full names; the annotation that explains them is undefined when there are none. */
export function withAliases(spec: Message): { readonly spec: Message; readonly annotation?: string } {
  const aliases = new Map<string, string>();
  const short = (secret: string) => {
    if (!secret.includes('/')) return secret;
    const alias = aliases.get(secret) ?? `secret-${aliases.size + 1}`;
    aliases.set(secret, alias);
    return alias;
  };
  const aliased = renamed(spec, short);
  if (aliases.size === 0) return { spec: aliased };
  return { spec: aliased, annotation: [...aliases].map(([name, alias]) => `${alias}:${name}`).join(',') };
}

function renamed(spec: Message, rename: (secret: string) => string): Message {
  const withEnv = mapContainers(spec, ['containers'], (container) =>
    renamedIn(container, { field: 'env', path: ['valueFrom', 'secretKeyRef', 'name'] }, rename),
  );
  return renamedIn(withEnv, { field: 'volumes', path: ['secret', 'secretName'] }, rename);
}

function renamedIn(
  owner: Message,
  { field, path }: { readonly field: string; readonly path: readonly string[] },
  rename: (secret: string) => string,
): Message {
  if (!Array.isArray(owner[field])) return owner;
  const items = listOf(owner[field]).map((item) => {
    const secret = at(item, path);
    return typeof secret === 'string' ? put(messageOf(item), path, rename(secret)) : item;
  });
  return { ...owner, [field]: items };
}
