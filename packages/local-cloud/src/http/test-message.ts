import fc, { type Arbitrary } from 'fast-check';

import { type Field, fieldsOf } from './proto-schema.ts';

/** For tests: any message of a type in the form that `readMessage` gives, as deep as told. */
export function anyMessage(type: string, depth = 5): Arbitrary<Readonly<Record<string, unknown>>> {
  const fields = [...fieldsOf(type).values()];
  const oneofs = Map.groupBy(fields, ({ oneof, name }) => oneof ?? name);
  const choices = [...oneofs.values()].map((alternatives) =>
    fc.oneof(
      { weight: 2, arbitrary: fc.constant({}) },
      ...alternatives
        .filter(({ type: inner }) => depth > 0 || inner.kind !== 'message' || inner.name in TEXTS)
        .map((field) => ({
          weight: 1,
          arbitrary: anyField(field, depth - 1).map((value) =>
            value === undefined ? {} : { [field.name]: value },
          ),
        })),
    ),
  );
  return fc
    .tuple(...choices)
    .map((parts) => Object.assign({}, ...parts) as Readonly<Record<string, unknown>>);
}

function anyField(field: Field, depth: number): Arbitrary<unknown> {
  const value = anyValue(field, depth);
  switch (field.shape) {
    case 'single':
      return field.hasPresence ? value : value.map((one) => (isDefault(one) ? undefined : one));
    case 'repeated':
      return fc.array(value, { minLength: 1, maxLength: 3 });
    case 'map':
      return fc.dictionary(fc.string(), value, { minKeys: 1, maxKeys: 3 });
  }
}

function anyValue({ type }: Field, depth: number): Arbitrary<unknown> {
  switch (type.kind) {
    case 'enum':
      return fc.constantFrom(...Object.keys(type.values).filter((name) => type.values[name] !== 0));
    case 'message':
      return TEXTS[type.name] ?? anyMessage(type.name, depth);
    case 'scalar':
      return SCALARS[type.name] ?? fc.string();
  }
}

const TEXTS: Readonly<Record<string, Arbitrary<unknown>>> = {
  'google.protobuf.Duration': fc
    .record({ seconds: fc.integer(), fraction: fc.constantFrom('', '.5', '.000000001') })
    .map(({ seconds, fraction }) => `${seconds}${fraction}s`),
  'google.protobuf.Timestamp': fc
    .date({ min: new Date(0), max: new Date('2100-01-01'), noInvalidDate: true })
    .map((date) =>
      date
        .toISOString()
        .replace('Z', '000001Z')
        .replace(/\.(\d{9})Z/, '.$1Z'),
    ),
  'google.protobuf.FieldMask': fc
    .array(fc.constantFrom('labels', 'template.scaling', 'update_time'), { minLength: 1 })
    .map((paths) => paths.join(',')),
};

const SCALARS: Readonly<Record<string, Arbitrary<unknown>>> = {
  bool: fc.boolean(),
  int32: fc.integer(),
  int64: fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }).map(String),
  double: fc.double({ noNaN: true, noDefaultInfinity: true }),
  float: fc.float({ noNaN: true, noDefaultInfinity: true }),
  bytes: fc.uint8Array({ minLength: 1 }).map((bytes) => Buffer.from(bytes).toString('base64')),
};

function isDefault(value: unknown): boolean {
  return value === '' || value === 0 || value === false || value === '0';
}
