import { without } from './without.ts';

type Message = Readonly<Record<string, unknown>>;

/** `before` with the fields that the mask names taken from `body`; a named field that the body lacks is cleared. */
export function applyMask<T extends object>(before: T, body: T, paths: readonly string[]): T {
  return paths.reduce<T>(
    (message, path) => withField(message as Message, body as Message, path.split('.')) as T,
    before,
  );
}

function withField(into: Message, from: Message, path: readonly string[]): Message {
  const [field = '', ...rest] = path;
  const value =
    rest.length === 0 ? from[field] : withField(messageAt(into[field]), messageAt(from[field]), rest);
  const others = without(into, field);
  return value === undefined ? others : { ...others, [field]: value };
}

function messageAt(value: unknown): Message {
  return typeof value === 'object' && value !== null ? (value as Message) : {};
}
