import { createHash } from 'node:crypto';

const METADATA_TOKEN =
  'http://metadata.google.internal/computeMetadata/v1/instance/service-accounts/default/token';

/**
 * Fetches the supergraph that this revision is pinned to. An object that is named for its sha256 must have exactly that
 * content, so the same revision serves the same schema for ever. Throws when it is not there or not that.
 */
export async function fetchSupergraph(url: string): Promise<string> {
  const response = await fetch(url, { headers: await credentialsFor(url) });
  if (!response.ok) throw new Error(`SUPERGRAPH_URL ${url} answered ${response.status}, expected 200`);

  const sdl = await response.text();
  const expected = /([0-9a-f]{64})\.graphql$/.exec(new URL(url).pathname)?.[1];
  const found = createHash('sha256').update(sdl).digest('hex');
  if (expected !== undefined && expected !== found) {
    throw new Error(`SUPERGRAPH_URL ${url} has the content ${found}, expected ${expected}`);
  }
  return sdl;
}

/** A private bucket is read as the service's own account. */
async function credentialsFor(url: string): Promise<Record<string, string>> {
  if (new URL(url).hostname !== 'storage.googleapis.com') return {};
  const response = await fetch(METADATA_TOKEN, { headers: { 'metadata-flavor': 'Google' } });
  const { access_token: token } = (await response.json()) as { access_token: string };
  return { authorization: `Bearer ${token}` };
}
