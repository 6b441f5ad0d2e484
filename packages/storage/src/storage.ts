import { ActionFailure, type Clock, type Environment, type Log } from '@fairlead/action-kit';
import { googleClient, type GoogleClient, GoogleError, isNotFound } from '@fairlead/google';

import { factsOf, type Kept, type ObjectFacts, type ObjectName, objectPath, publicPath } from './object.ts';

/** Cloud Storage, as far as we use it: objects that are written once and never changed. */
export interface Storage {
  /** Where an object is read by a plain GET. */
  readonly urlOf: (name: ObjectName) => string;
  readonly stat: (name: ObjectName) => Promise<ObjectFacts | undefined>;
  readonly read: (name: ObjectName) => Promise<Uint8Array | undefined>;
  /** Writes the object unless it is there; throws when it is there with other bytes, and changes nothing then. */
  readonly keep: (
    name: ObjectName,
    content: { readonly type: string; readonly bytes: Uint8Array },
  ) => Promise<Kept>;
}

export interface StorageOptions {
  readonly env: Environment;
  readonly log: Log;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

/** Cloud Storage over its JSON API. Making it touches neither network nor credentials. */
export function cloudStorage({ env, log, clock, signal }: StorageOptions): Storage {
  const google = googleClient(env, { api: 'storage', log, clock, signal });
  return {
    urlOf: (name) => `${google.endpoint.origin}${publicPath(name)}`,
    stat: (name) => stat(google, name),
    read: (name) => read(google, name),
    keep: (name, content) => keep(google, name, content),
  };
}

async function stat(google: GoogleClient, name: ObjectName): Promise<ObjectFacts | undefined> {
  return orAbsent(async () =>
    factsOf(await google.request({ method: 'GET', path: objectPath(name), what: `stat ${named(name)}` })),
  );
}

async function read(google: GoogleClient, name: ObjectName): Promise<Uint8Array | undefined> {
  const path = `${objectPath(name)}?alt=media`;
  return orAbsent(
    async () => (await google.exchange({ method: 'GET', path, what: `read ${named(name)}` })).bytes,
  );
}

// "Only if there is none" makes the write safe to send again: after a lost reply it is refused, and reading tells
// whether what is there is ours.
async function keep(
  google: GoogleClient,
  name: ObjectName,
  content: { readonly type: string; readonly bytes: Uint8Array },
): Promise<Kept> {
  const { bucket, object } = name;
  const query = new URLSearchParams({ uploadType: 'media', name: object, ifGenerationMatch: '0' });
  const path = `/upload/storage/v1/b/${encodeURIComponent(bucket)}/o?${query.toString()}`;
  try {
    const what = `write ${named(name)}`;
    return {
      kind: 'created',
      facts: factsOf(await google.request({ method: 'POST', path, what, content, safe: true })),
    };
  } catch (thrown) {
    if (!(thrown instanceof GoogleError) || thrown.httpStatus !== 412) throw thrown;
    return present(google, name, content.bytes);
  }
}

async function present(google: GoogleClient, name: ObjectName, bytes: Uint8Array): Promise<Kept> {
  const [found, facts] = [await read(google, name), await stat(google, name)];
  if (found !== undefined && facts !== undefined && Buffer.compare(found, bytes) === 0)
    return { kind: 'present', facts };
  throw new ActionFailure(
    `write ${named(name)}: an object of this name holds other content (expected ${bytes.length} bytes, found ${found?.length ?? 0}); it was left as it is: find out who wrote it, then delete it`,
  );
}

async function orAbsent<T>(ask: () => Promise<T>): Promise<T | undefined> {
  try {
    return await ask();
  } catch (thrown) {
    if (isNotFound(thrown)) return undefined;
    throw thrown;
  }
}

function named({ bucket, object }: ObjectName): string {
  return `gs://${bucket}/${object}`;
}
