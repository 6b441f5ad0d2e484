import fc from 'fast-check';

import { V1_SCHEMA } from './v1-schema.ts';

const oddText = fc.oneof(
  fc.string(),
  fc.constantFrom('', '../..', '%2e%2e', '__proto__', 'true', 'False', '-1', '9'.repeat(40), 'a'.repeat(70)),
);
const oddNumber = fc.oneof(fc.integer(), fc.constantFrom(-1, 0, 2 ** 31, 1.5));
const keys = fc.constantFrom(
  'run.googleapis.com/minScale',
  'run.googleapis.com/ingress',
  'run.googleapis.com/cloudsql-instances',
  'run.googleapis.com/container-dependencies',
  'run.googleapis.com/network-interfaces',
  'run.googleapis.com/secrets',
  'autoscaling.knative.dev/maxScale',
  'serving.knative.dev/creator',
  'team',
  '__proto__',
);

/** For tests: a message of this type as the schema has it, with values that nobody would write, some of them of another type. */
export function oddMessage(type: string, depth = 0): fc.Arbitrary<unknown> {
  const fields = Object.entries(V1_SCHEMA[type] ?? {}).filter(([name]) => depth < 9 || name === 'name');
  const model = Object.fromEntries(fields.map(([name, field]) => [name, oddField(field, depth + 1)]));
  return fc.oneof(
    {
      weight: 30,
      arbitrary: fc.record(model, { requiredKeys: depth < 7 ? fields.map(([name]) => name) : [] }),
    },
    { weight: 10, arbitrary: fc.record(model, { requiredKeys: [] }) },
    { weight: 1, arbitrary: fc.jsonValue() },
  );
}

function oddField(field: string, depth: number): fc.Arbitrary<unknown> {
  if (field.startsWith('[]')) return fc.array(oddField(field.slice(2), depth), { maxLength: 2 });
  switch (field) {
    case 'string':
      return oddText;
    case 'bool':
      return fc.oneof({ weight: 20, arbitrary: fc.boolean() }, { weight: 1, arbitrary: fc.jsonValue() });
    case 'int32':
    case 'int64':
      return oddNumber;
    case 'map':
      return fc.dictionary(keys, oddText, { maxKeys: 3 });
    default:
      return oddMessage(field, depth);
  }
}
