import type { Place } from '@fairlead/images';

import { bytesOf } from './answer-bytes.ts';
import { checkDigest, checkedChunks } from './digest.ts';
import { type Line, reading, writing } from './registry-request.ts';
import { originOf } from './transport.ts';

/** Content to be pushed: in memory, or in a file that stays until it is pushed. */
export type BlobContent = {
  readonly digest: string;
} & ({ readonly bytes: Uint8Array } | { readonly file: string });

/** What had to be done to have a blob where it belongs. */
export type Pushed = 'there' | 'mounted' | 'sent';

export interface BlobCalls {
  readonly hasBlob: (place: Place, digest: string) => Promise<boolean>;
  /** A small blob whole, such as a configuration, checked against its digest. */
  readonly readBlob: (place: Place, digest: string) => Promise<Uint8Array>;
  /** A blob as it comes; reading ends with an error when it is not what its digest says. */
  readonly openBlob: (place: Place, digest: string) => Promise<AsyncIterable<Uint8Array>>;
  /** Pushes what is not there yet. */
  readonly pushBlob: (place: Place, content: BlobContent) => Promise<Pushed>;
  /** Takes a blob over from another repository of the same registry; undefined when the registry wants it sent. */
  readonly mountBlob: (place: Place, digest: string, from: string) => Promise<Pushed | undefined>;
}

export function blobCalls(line: Line): BlobCalls {
  const hasBlob = (place: Place, digest: string) => has(line, place, digest);
  return {
    hasBlob,
    readBlob: (place, digest) => read(line, place, digest),
    openBlob: (place, digest) => open(line, place, digest),
    pushBlob: async (place, content) => {
      if (await hasBlob(place, content.digest)) return 'there';
      const what = `push ${short(content.digest)} to ${place.repository}`;
      // Begun anew each time: an upload that broke off is the registry's to forget.
      await line.retried(what, () => upload(line, { place, content, what }));
      return 'sent';
    },
    mountBlob: async (place, digest, from) =>
      (await hasBlob(place, digest)) ? 'there' : mount(line, place, { digest, from }),
  };
}

async function has({ send, retried }: Line, place: Place, digest: string): Promise<boolean> {
  const what = `look for ${short(digest)} in ${place.repository}`;
  const path = blobPath(place, digest);
  const response = await retried(what, () =>
    send({ ...reading(place, what), method: 'HEAD', path, allowed: [404] }),
  );
  return response.ok;
}

function read({ send, retried }: Line, place: Place, digest: string): Promise<Uint8Array> {
  const what = `read ${short(digest)} of ${place.repository}`;
  return retried(what, async () => {
    const response = await send({ ...reading(place, what), method: 'GET', path: blobPath(place, digest) });
    const bytes = await bytesOf(response, { registry: place.registry, what });
    checkDigest(bytes, digest, `the blob that ${place.registry} gave out`);
    return bytes;
  });
}

async function open(
  { send, retried }: Line,
  place: Place,
  digest: string,
): Promise<AsyncIterable<Uint8Array>> {
  const what = `read ${short(digest)} of ${place.repository}`;
  const path = blobPath(place, digest);
  const { body } = await retried(what, () => send({ ...reading(place, what), method: 'GET', path }));
  return checkedChunks(body ?? new Blob([]).stream(), digest, `the blob that ${place.registry} gave out`);
}

async function mount(
  { send, retried }: Line,
  place: Place,
  { digest, from }: { readonly digest: string; readonly from: string },
): Promise<'mounted' | undefined> {
  const what = `mount ${short(digest)} from ${from}`;
  const asked = writing(place, what);
  const query = new URLSearchParams({ mount: digest, from }).toString();
  const path = `/v2/${place.repository}/blobs/uploads/?${query}`;
  const scopes = [...asked.scopes, `repository:${from}:pull`];
  const response = await retried(what, () => send({ ...asked, scopes, method: 'POST', path }));
  await response.body?.cancel();
  return response.status === 201 ? 'mounted' : undefined;
}

interface Uploading {
  readonly place: Place;
  readonly content: BlobContent;
  readonly what: string;
}

async function upload({ send }: Line, { place, content, what }: Uploading): Promise<void> {
  const path = `/v2/${place.repository}/blobs/uploads/`;
  const asked = writing(place, what);
  const begun = await send({ ...asked, method: 'POST', path });
  const location = new URL(begun.headers.get('location') ?? path, originOf(place.registry));
  location.searchParams.set('digest', content.digest);
  const body = 'bytes' in content ? content.bytes : { file: content.file };
  const headers = { 'content-type': 'application/octet-stream' };
  await send({ ...asked, method: 'PUT', path: location.href, headers, body });
}

function blobPath({ repository }: Place, digest: string): string {
  return `/v2/${repository}/blobs/${digest}`;
}

function short(digest: string): string {
  return digest.slice(0, 'sha256:'.length + 12);
}
