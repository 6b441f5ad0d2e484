import type { LocalCloudOptions } from '../local-cloud.ts';
import { type TestCloud, testCloud } from '../test-client.ts';

/** For tests: what Cloud Storage's JSON API answers, as far as tests look at it. */
export interface StorageBody {
  readonly name: string;
  readonly generation: string;
  readonly metageneration: string;
  readonly timeDeleted?: string;
  readonly items?: readonly StorageBody[];
  readonly nextPageToken?: string;
  readonly prefixes?: readonly string[];
}

/** For tests: a local cloud and raw requests to its storage. */
export interface StorageClient extends Pick<TestCloud, 'cloud'>, AsyncDisposable {
  readonly at: (
    method: string,
    path: string,
    init?: {
      readonly body?: string | Uint8Array<ArrayBuffer>;
      readonly headers?: Readonly<Record<string, string>>;
    },
  ) => Promise<Response>;
  readonly json: (
    method: string,
    path: string,
    body?: object,
  ) => Promise<{ readonly status: number; readonly body: StorageBody }>;
  readonly write: (bucket: string, name: string, content: string) => Promise<StorageBody>;
}

export async function storageClient(options: Partial<LocalCloudOptions> = {}): Promise<StorageClient> {
  const t = await testCloud(options);
  const at: StorageClient['at'] = (method, path, init = {}) =>
    fetch(`${t.cloud.url}${path}`, { method, ...init });
  const json: StorageClient['json'] = async (method, path, body) => {
    const response = await at(method, path, body === undefined ? {} : { body: JSON.stringify(body) });
    const text = await response.text();
    return { status: response.status, body: JSON.parse(text === '' ? '{}' : text) as StorageBody };
  };
  return {
    cloud: t.cloud,
    at,
    json,
    write: async (bucket, name, content) => {
      const path = `/upload/storage/v1/b/${bucket}/o?uploadType=media&name=${encodeURIComponent(name)}`;
      return (await (await at('POST', path, { body: content })).json()) as StorageBody;
    },
    [Symbol.asyncDispose]: t.cloud.close,
  };
}
