/** A message of google.protobuf that JSON writes as text and the wire as fields. */
export interface WellKnown {
  readonly toText: (fields: Readonly<Record<string, unknown>>) => string;
  readonly toFields: (text: string) => object;
}

const NANOS = 1_000_000_000n;

/** By full name; the text is that of the JSON mapping. */
export const WELL_KNOWN: Readonly<Record<string, WellKnown>> = {
  'google.protobuf.Timestamp': {
    toText: (fields) => {
      const { seconds, nanos } = partsOf(fields);
      const fraction = nanos === 0n ? '' : `.${String(nanos).padStart(9, '0')}`;
      return `${new Date(Number(seconds) * 1000).toISOString().slice(0, 19)}${fraction}Z`;
    },
    toFields: (text) => {
      const [, whole = '', fraction = '', zone = 'Z'] =
        /^([^.Z+]+?)(?:\.(\d+))?(Z|[+-]\d\d:\d\d)$/.exec(text) ?? [];
      return { seconds: String(Date.parse(whole + zone) / 1000), nanos: Number(fraction.padEnd(9, '0')) };
    },
  },
  'google.protobuf.Duration': {
    toText: (fields) => {
      const { seconds, nanos } = partsOf(fields);
      const total = seconds * NANOS + nanos;
      const absolute = total < 0n ? -total : total;
      const fraction = String(absolute % NANOS)
        .padStart(9, '0')
        .replace(/0+$/, '');
      return `${total < 0n ? '-' : ''}${absolute / NANOS}${fraction === '' ? '' : `.${fraction}`}s`;
    },
    toFields: (text) => {
      const [, sign = '', seconds = '0', fraction = ''] = /^(-?)(\d+)(?:\.(\d+))?s$/.exec(text) ?? [];
      return { seconds: sign + seconds, nanos: Number(`${sign}${fraction.padEnd(9, '0')}`) };
    },
  },
  'google.protobuf.FieldMask': {
    toText: ({ paths }) => (Array.isArray(paths) ? paths.join(',') : ''),
    toFields: (text) => ({ paths: text === '' ? [] : text.split(',') }),
  },
};

function partsOf({ seconds = 0, nanos = 0 }: Readonly<Record<string, unknown>>): {
  readonly seconds: bigint;
  readonly nanos: bigint;
} {
  return { seconds: BigInt(String(seconds)), nanos: BigInt(String(nanos)) };
}
