import { randomUUID } from 'node:crypto';
import { type FileHandle, mkdir, open, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Readable } from 'node:stream';

import { RegistryError } from './registry-error.ts';
import { digestOfFile, type Store } from './store.ts';

/** An upload under way: its bytes so far are in a file. */
export interface Upload {
  readonly id: string;
  readonly name: string;
  readonly file: string;
  bytes: number;
}

/** The uploads under way. They end with the server; a client then starts again, as the specification wants it. */
export interface Uploads {
  readonly begin: (name: string) => Promise<Upload>;
  /** Throws BLOB_UPLOAD_UNKNOWN. */
  readonly find: (name: string, id: string) => Upload;
  /** Appends what arrives; what arrived before a lost connection is kept, and counted. */
  readonly append: (upload: Upload, body: Readable) => Promise<void>;
  /** Makes the upload a blob of its repository; throws DIGEST_INVALID, and forgets the bytes, when they are others. */
  readonly finish: (upload: Upload, digest: string) => Promise<void>;
  readonly cancel: (upload: Upload) => Promise<void>;
}

export function uploadsInto(store: Store): Uploads {
  const underWay = new Map<string, Upload>();
  const cancel = async ({ id, file }: Upload) => {
    underWay.delete(id);
    await rm(file, { force: true });
  };
  return {
    cancel,
    begin: async (name) => {
      const id = randomUUID();
      const upload = { id, name, file: store.uploadPath(id), bytes: 0 };
      await mkdir(dirname(upload.file), { recursive: true });
      await (await open(upload.file, 'w')).close();
      underWay.set(id, upload);
      return upload;
    },
    find: (name, id) => {
      const upload = underWay.get(id);
      if (upload?.name === name) return upload;
      throw new RegistryError({
        status: 404,
        code: 'BLOB_UPLOAD_UNKNOWN',
        message: `no upload "${id}" in ${name}`,
      });
    },
    append: async (upload, body) => {
      const file = await open(upload.file, 'r+');
      try {
        await append(file, upload, body);
      } catch (thrown) {
        // A full disk: the bytes so far would keep it full.
        if (!body.destroyed) await cancel(upload);
        throw thrown;
      } finally {
        await file.close();
      }
    },
    finish: async (upload, digest) => {
      underWay.delete(upload.id);
      try {
        const found = await digestOfFile(upload.file, digest);
        if (found !== digest) throw otherDigest(upload, { found, digest });
        // A link to what is not there counts for nothing, content without a link would lie there for ever.
        await store.linkBlob(upload.name, digest);
        await store.adopt(upload.file, digest);
      } finally {
        await cancel(upload);
      }
    },
  };
}

/** Leaves the body open when it cannot be written, so that its sender gets to read why. */
async function append(file: FileHandle, upload: Upload, body: Readable): Promise<void> {
  for await (const chunk of body.iterator({ destroyOnReturn: false })) {
    let rest = chunk as Buffer;
    while (rest.length > 0) {
      const { bytesWritten } = await file.write(rest, 0, rest.length, upload.bytes);
      upload.bytes += bytesWritten;
      rest = rest.subarray(bytesWritten);
    }
  }
}

function otherDigest(
  { bytes }: Upload,
  { found, digest }: { readonly found: string; readonly digest: string },
): RegistryError {
  const message = `the ${bytes} bytes that came have digest ${found}, not ${digest}`;
  return new RegistryError({ status: 400, code: 'DIGEST_INVALID', message });
}
