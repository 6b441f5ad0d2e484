import { type CompiledBinding, withValueAt } from './http-binding.ts';
import { badRequest, type Message, readMessage } from './proto-json.ts';
import { camelCase, type Field, fieldsOf } from './proto-schema.ts';
import { parameters, readJson } from './query.ts';
import type { ApiRequest } from './route.ts';

/**
 * The request message of a REST call: query parameters as fields by dotted paths, the body as the field that the binding says or the whole
 * message, and over both what the path catches. Throws INVALID_ARGUMENT for what the message does not know.
 */
export function requestMessage(request: ApiRequest, { type, binding, caught }: RestForm): Message {
  const fromQuery = queryFields(request, type, binding.body);
  const given = { ...fromQuery, ...bodyFields(request, binding.body) };
  const whole = binding.variables.reduce<Message>(
    (message, path, index) => withValueAt(message, path.split('.'), caught[index] ?? ''),
    given,
  );
  return readMessage(type, whole);
}

export interface RestForm {
  /** Full name of the request message. */
  readonly type: string;
  readonly binding: CompiledBinding;
  /** What the groups of the binding's pattern caught. */
  readonly caught: readonly string[];
}

function bodyFields(request: ApiRequest, body: string | undefined): Message {
  if (body === undefined) return {};
  const json = readJson(request);
  if (typeof json !== 'object' || json === null || Array.isArray(json))
    throw badRequest([
      {
        field: '',
        description: 'Invalid JSON payload received. Unknown name "": Root element must be a message.',
      },
    ]);
  return body === '*' ? (json as Message) : { [body]: json };
}

function queryFields(request: ApiRequest, type: string, body: string | undefined): Message {
  const given = parameters(request);
  const names = [...new Set(given.map(([name]) => name))];
  return names.reduce<Message>((message, name) => {
    const values = given.filter(([other]) => other === name).map(([, value]) => value);
    const path = name.split('.').map(camelCase);
    const field = fieldAt(type, path, body);
    if (field === undefined) throw unbindable(name, `Field '${name}' could not be found in request message.`);
    if (isStructured(field))
      throw unbindable(name, `'${name}' is a message type. Parameters can only be bound to primitive types.`);
    return withValueAt(message, path, fieldValue(field, values));
  }, {});
}

/** The field that a parameter names; none below the field that the body fills. */
function fieldAt(type: string, path: readonly string[], body: string | undefined): Field | undefined {
  const [first = '', ...rest] = path;
  const field = fieldsOf(type).get(first);
  if (field === undefined || body === '*' || body === first) return undefined;
  if (rest.length === 0) return field;
  return field.type.kind === 'message' ? fieldAt(field.type.name, rest, undefined) : undefined;
}

const WRITTEN_AS_TEXT = [
  'google.protobuf.FieldMask',
  'google.protobuf.Duration',
  'google.protobuf.Timestamp',
];

function isStructured({ type, shape }: Field): boolean {
  return shape === 'map' || (type.kind === 'message' && !WRITTEN_AS_TEXT.includes(type.name));
}

function fieldValue(field: Field, values: readonly string[]): unknown {
  const read = values.map((value) => primitive(field, value));
  return field.shape === 'repeated' ? read : read.at(-1);
}

// Text that is no Boolean stays text, for the check of the whole message to refuse.
function primitive({ type }: Field, value: string): unknown {
  if (type.kind === 'enum' && /^\d+$/.test(value)) return Number(value);
  if (type.name !== 'bool' || (value !== 'true' && value !== 'false')) return value;
  return value === 'true';
}

function unbindable(name: string, why: string): Error {
  return badRequest([
    {
      field: '',
      description: `Invalid JSON payload received. Unknown name "${name}": Cannot bind query parameter. ${why}`,
    },
  ]);
}
