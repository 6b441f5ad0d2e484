import { ImageError } from './image-error.ts';

/**
 * Text with build arguments in it, by the rule that Dockerfiles have: `${NAME}` is the argument's value, `${NAME:-node:24-slim}` falls back
 * to what follows when it is absent or empty. Throws an ImageError for an argument that has neither.
 */
export function expandArgs(text: string, args: Readonly<Record<string, string>>): string {
  return text.replace(/\$\{(\w+)(?::-([^}]*))?\}/g, (_, name: string, otherwise: string | undefined) => {
    const value = args[name] ?? '';
    if (value !== '') return value;
    if (otherwise !== undefined) return otherwise;
    throw new ImageError(
      'argument-missing',
      `"${text}" asks for the build argument "${name}", which is not given`,
    );
  });
}
