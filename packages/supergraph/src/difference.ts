import { Kind, parse, print } from 'graphql';

import { canonicalSdl } from './canonical.ts';

/**
 * Names of the definitions in which two schemas differ, sorted; none when they mean the same. Order, layout and what a
 * server adds for the gateway do not count. Throws a GraphQLError on bad syntax.
 */
export function schemaDifference(one: string, other: string): readonly string[] {
  const [left, right] = [definitionsOf(one), definitionsOf(other)];
  const names = new Set([...left.keys(), ...right.keys()]);
  return [...names].filter((name) => left.get(name) !== right.get(name)).sort();
}

function definitionsOf(sdl: string): ReadonlyMap<string, string> {
  const definitions = new Map<string, string>();
  for (const definition of parse(canonicalSdl(sdl)).definitions) {
    const name =
      definition.kind === Kind.DIRECTIVE_DEFINITION
        ? `@${definition.name.value}`
        : 'name' in definition
          ? definition.name.value
          : 'schema';
    definitions.set(name, `${definitions.get(name) ?? ''}${print(definition)}\n`);
  }
  return definitions;
}
