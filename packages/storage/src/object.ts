/** An object of a bucket, by name. */
export interface ObjectName {
  /** Without `gs://`. */
  readonly bucket: string;
  readonly object: string;
}

export interface ObjectFacts {
  /** Changes with every write; as text, because it does not fit a number. */
  readonly generation: string;
  readonly bytes: number;
  readonly contentType: string;
  readonly updated: string;
}

/** `present`: the same bytes were there already, or the reply to our own write was lost. */
export type Kept = { readonly kind: 'created' | 'present'; readonly facts: ObjectFacts };

export function objectPath({ bucket, object }: ObjectName): string {
  return `/storage/v1/b/${encodeURIComponent(bucket)}/o/${encodeURIComponent(object)}`;
}

/** The path of the object at the storage's origin, as a gateway reads it: slashes of the name stay slashes. */
export function publicPath({ bucket, object }: ObjectName): string {
  return `/${bucket}/${object.split('/').map(encodeURIComponent).join('/')}`;
}

export function factsOf(answer: unknown): ObjectFacts {
  const fields = (answer ?? {}) as Readonly<Record<string, unknown>>;
  const text = (name: string) => {
    const value = fields[name];
    return typeof value === 'string' ? value : '';
  };
  return {
    generation: text('generation'),
    bytes: Number(text('size')),
    contentType: text('contentType'),
    updated: text('updated'),
  };
}
